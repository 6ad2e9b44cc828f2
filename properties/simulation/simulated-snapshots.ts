/** Snapshots as processes reach them: old ones, lost ones, and such as were taken at any commit. */
import { encodeSnapshot } from '../../actors/snapshot.ts';
import type { Snapshotted } from '../../actors/snapshot-keeper.ts';
import type { SnapshotStore } from '../../actors/snapshot-store.ts';
import type { SessionRef } from '../../events/names.ts';
import { InjectedFault } from './faults.ts';
import type { Ground } from './ground.ts';
import type { Owner } from './scheduler.ts';

/** How often a loader gets an older snapshot than the last one. */
const OLD = 0.3;
/** How often a commit is followed by a snapshot. */
const UNASKED = 0.15;

export class SimulatedSnapshots {
  readonly #saved = new Map<string, string[]>();
  readonly #ground: Ground;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  connect(owner: Owner): SnapshotStore {
    const { scheduler, faults, dice } = this.#ground;
    const call = async <A>(work: () => A): Promise<A> => {
      await scheduler.turn(owner);
      if (faults.strikes('failed snapshot store')) throw new InjectedFault('the snapshots cannot be reached');
      const result = work();
      await scheduler.turn(owner);
      return result;
    };
    return {
      load: (ref) =>
        call(() => {
          const all = this.#of(ref);
          return all.length > 0 && dice.happens(OLD) ? dice.pick(all) : all.at(-1);
        }),
      save: (ref, snapshot) => call(() => void this.#of(ref).push(snapshot)),
    };
  }

  /** Sessions are too short here to be worth a snapshot, so that one is taken now and then without need. */
  maybeKeep(ref: SessionRef, actor: Snapshotted | undefined): void {
    if (actor !== undefined && this.#ground.dice.happens(UNASKED)) this.#of(ref).push(encodeSnapshot(actor.snapshot()));
  }

  #of({ tenant, session }: SessionRef): string[] {
    const key = `${tenant}/${session}`;
    const all = this.#saved.get(key) ?? [];
    this.#saved.set(key, all);
    return all;
  }
}
