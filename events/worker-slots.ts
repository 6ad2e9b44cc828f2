/** Durable reservations of id ranges: `{epoch, ceiling}` per worker number. Adapters in `infra/`. */

export interface Slot {
  readonly worker: number;
  /** Grows with every owner; only the newest owner's compare-and-set succeeds. */
  readonly epoch: number;
  /** The first millisecond that no owner so far may have used. */
  readonly ceiling: number;
}

/** A slot as its new owner has it. */
export interface Claimed extends Slot {
  /** The first millisecond that is the new owner's: no owner before may have used it. */
  readonly start: number;
}

export interface WorkerSlots {
  /**
   * Takes a slot that nobody seems to hold, with the epoch after the stored one, and raises its ceiling in the same step: to
   * `aheadMs` above the latest of now, `floor` and the ceiling so far, which is where the new owner starts. Two that meet at
   * one slot so get ranges that follow each other, and neither has to try again.
   */
  claim(floor: number, aheadMs: number): Promise<Claimed>;
  /** Stores a higher ceiling if the epoch is still ours; `false` when the slot has a new owner. */
  raise(slot: Slot, ceiling: number): Promise<boolean>;
  release(slot: Slot): Promise<void>;
}
