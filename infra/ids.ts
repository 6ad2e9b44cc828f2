/** Ids for this process: a worker slot held for as long as it lives, its ceiling raised ahead of need. */
import { type Either, isLeft, left } from 'fp-ts/lib/Either.js';
import { IdGenerator, type IdRefusal } from '../events/id-generator.ts';
import type { Id, IdParts } from '../events/ids.ts';
import type { Slot, WorkerSlots } from '../events/worker-slots.ts';
import type { Clock } from './clock.ts';

export interface IdLease {
  /** The worker number in every id from here; another one after the slot was lost and a new one claimed. */
  readonly worker: number;
  /** An id nobody has had. Refuses rather than risks one that somebody might have. */
  next(seen?: IdParts): Either<IdRefusal, Id>;
  /** Gives the slot back; nothing is issued any more. */
  close(): Promise<void>;
}

/** How far ahead of the time the ceiling is put: how long ids go on when the slots cannot be written. */
const AHEAD_MS = 30_000;
/** The ceiling is raised when less than this is left. */
const MARGIN_MS = 20_000;
const LOOK_EVERY_MS = 1_000;

/** Claims a slot and raises its ceiling durably before the first id. Rejects when no slot can be had. */
export const leaseIds = async (slots: WorkerSlots, clock: Clock): Promise<IdLease> => {
  const lease = new Lease(slots, clock);
  try {
    await lease.claim();
  } catch (error) {
    // Its timer would go on claiming slots for nobody.
    await lease.close();
    throw error;
  }
  return lease;
};

class Lease implements IdLease {
  readonly #slots: WorkerSlots;
  readonly #clock: Clock;
  readonly #timer: NodeJS.Timeout;
  #slot: Slot = { worker: 0, epoch: 0, ceiling: 0 };
  #ids: IdGenerator | undefined;
  /** The highest millisecond of a slot that was lost: the ids of its successor stand above. */
  #highest = -1;
  /** The highest millisecond whose successor was asked for and could not be issued yet. */
  #wanted = 0;
  #upkeep: Promise<void> | undefined;
  #closed = false;

  constructor(slots: WorkerSlots, clock: Clock) {
    this.#slots = slots;
    this.#clock = clock;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  get worker(): number {
    return this.#slot.worker;
  }

  next(seen?: IdParts): Either<IdRefusal, Id> {
    if (this.#ids === undefined) {
      this.#look();
      return left({ _tag: 'CeilingReached', ceiling: this.#slot.ceiling });
    }
    const id = this.#ids.next(seen);
    if (isLeft(id) && id.left._tag === 'CeilingReached') {
      this.#wanted = Math.max(this.#wanted, seen?.millis ?? 0);
      this.#look();
    }
    return id;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#upkeep;
    const ids = this.#ids;
    this.#ids = undefined;
    // Nothing at or above the next millisecond was issued, so the next owner need not begin far in the future.
    if (ids !== undefined)
      await this.#slots.release({ ...this.#slot, ceiling: ids.highest + 1 }).catch(() => undefined);
  }

  /** Public for `leaseIds` alone. */
  async claim(): Promise<void> {
    this.#highest = Math.max(this.#highest, this.#ids?.highest ?? -1);
    this.#ids = undefined;
    if (this.#closed) return;
    const { start, ...slot } = await this.#slots.claim(this.#highest + 1, AHEAD_MS);
    this.#slot = slot;
    this.#ids = new IdGenerator(slot.worker, start, slot.ceiling, this.#clock.now);
  }

  #look(): void {
    if (this.#closed || this.#upkeep !== undefined) return;
    const needed = Math.max(this.#clock.now(), this.#ids?.highest ?? 0, this.#wanted);
    if (this.#ids !== undefined && this.#ids.ceiling - needed >= MARGIN_MS) return;
    this.#upkeep = this.#raise(needed + AHEAD_MS)
      // The slots cannot be written right now: ids go on up to the ceiling, and the next look tries again.
      .catch(() => undefined)
      .finally(() => {
        this.#upkeep = undefined;
      });
  }

  async #raise(ceiling: number): Promise<void> {
    const ids = this.#ids;
    if (ids === undefined) {
      await this.claim();
    } else if (await this.#slots.raise(this.#slot, ceiling)) {
      this.#slot = { ...this.#slot, ceiling };
      ids.raise(ceiling);
    } else {
      // Somebody else owns the slot. What was issued below the ceiling stays ours alone; from here on, another slot.
      await this.claim();
    }
  }
}
