/** Worker slots in the embedded store. The store has one owner, and its writes are fenced, so reading first is enough. */
import type { Database } from 'lmdb';
import { WORKER_MAX } from '../../events/ids.ts';
import type { Claimed, Slot, WorkerSlots } from '../../events/worker-slots.ts';
import type { Clock } from '../clock.ts';
import type { LmdbStore } from './store.ts';

interface SlotRecord {
  readonly epoch: number;
  readonly ceiling: number;
}

export class LmdbWorkerSlots implements WorkerSlots {
  readonly #store: LmdbStore;
  readonly #clock: Clock;
  readonly #workers: number;
  readonly #slots: Database<SlotRecord, number>;

  /** `workers` says how many worker numbers there are; all that fit into an id unless told. */
  constructor(store: LmdbStore, clock: Clock, workers = WORKER_MAX + 1) {
    this.#store = store;
    this.#clock = clock;
    this.#workers = workers;
    this.#slots = store.root.openDB<SlotRecord, number>({ name: 'slots', encoding: 'json' });
  }

  /**
   * A process that crashed has left its ceiling ahead of the time. The next one takes another slot, so that a run of crashes
   * does not drive the ids further and further into the future.
   */
  async claim(floor: number, aheadMs: number): Promise<Claimed> {
    const now = this.#clock.now();
    let lowest: Slot = this.#slot(0);
    for (let worker = 1; worker < this.#workers && lowest.ceiling > now; worker++) {
      const slot = this.#slot(worker);
      if (slot.ceiling < lowest.ceiling) lowest = slot;
    }
    const start = Math.max(now, floor, lowest.ceiling);
    const claimed = { worker: lowest.worker, epoch: lowest.epoch + 1, ceiling: start + aheadMs };
    await this.#put(claimed);
    return { ...claimed, start };
  }

  async raise(slot: Slot, ceiling: number): Promise<boolean> {
    const held = this.#slot(slot.worker);
    if (held.epoch !== slot.epoch) return false;
    if (ceiling > held.ceiling) await this.#put({ ...slot, ceiling });
    return true;
  }

  async release(slot: Slot): Promise<void> {
    if (this.#slot(slot.worker).epoch === slot.epoch) await this.#put(slot);
  }

  #slot(worker: number): Slot {
    this.#slots.resetReadTxn();
    return { worker, ...(this.#slots.get(worker) ?? { epoch: 0, ceiling: 0 }) };
  }

  #put({ worker, epoch, ceiling }: Slot): Promise<void> {
    return this.#store.write(() => void this.#slots.put(worker, { epoch, ceiling }));
  }
}
