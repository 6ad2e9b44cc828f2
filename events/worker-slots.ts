/** Durable reservations of id ranges: `{epoch, ceiling}` per worker number. Adapters in `infra/`. */

export interface Slot {
  readonly worker: number;
  /** Grows with every owner; only the newest owner's compare-and-set succeeds. */
  readonly epoch: number;
  /** The first millisecond that no owner so far may have used. */
  readonly ceiling: number;
}

export interface WorkerSlots {
  /** Takes a slot that nobody seems to hold, with the epoch after the stored one. */
  claim(): Promise<Slot>;
  /** Stores a higher ceiling if the epoch is still ours; `false` when the slot has a new owner. */
  raise(slot: Slot, ceiling: number): Promise<boolean>;
  release(slot: Slot): Promise<void>;
}
