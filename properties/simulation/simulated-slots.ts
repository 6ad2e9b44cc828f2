/** The worker slots as one process reaches them, and a watch on every id that is issued anywhere. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { type Id, parseId } from '../../events/ids.ts';
import type { Slot, WorkerSlots } from '../../events/worker-slots.ts';
import { InjectedFault } from './faults.ts';
import type { Ground } from './ground.ts';
import type { Owner } from './scheduler.ts';

export const slotsFor = (slots: WorkerSlots, ground: Ground, owner: Owner): WorkerSlots => {
  const call = async <A>(work: () => Promise<A>): Promise<A> => {
    await ground.scheduler.turn(owner);
    if (ground.faults.strikes('unreachable worker slots')) throw new InjectedFault('the slots cannot be reached');
    const result = await work();
    await ground.scheduler.turn(owner);
    return result;
  };
  return {
    claim: (floor, aheadMs) => call(() => slots.claim(floor, aheadMs)),
    raise: (slot: Slot, ceiling: number) => call(() => slots.raise(slot, ceiling)),
    release: (slot: Slot) => call(() => slots.release(slot)),
  };
};

/** No id twice, and each of a generator greater than the one before. */
export class IdWatch {
  readonly #issued = new Set<Id>();
  readonly #lastOf = new Map<Owner, Id>();
  readonly #ground: Ground;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  saw(owner: Owner, id: Id): void {
    const { violated } = this.#ground;
    const law = 'ids are unique and increasing';
    if (this.#issued.has(id)) violated(law, `${owner.name} issued ${id}, which was issued before`);
    const before = this.#lastOf.get(owner);
    if (before !== undefined && before >= id) violated(law, `${owner.name} issued ${id} after ${before}`);
    if (isLeft(parseId(id))) violated(law, `${owner.name} issued ${id}, which cannot be read`);
    this.#issued.add(id);
    this.#lastOf.set(owner, id);
  }
}
