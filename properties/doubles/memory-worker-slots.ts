/** Worker slots in memory: what outlives every process of a test. */
import { WORKER_MAX } from '../../events/ids.ts';
import type { Claimed, Slot, WorkerSlots } from '../../events/worker-slots.ts';

interface SlotRecord {
  readonly epoch: number;
  readonly ceiling: number;
}

export class MemoryWorkerSlots implements WorkerSlots {
  readonly #slots = new Map<number, SlotRecord>();
  readonly #workers: number;
  readonly #now: () => number;
  /** Raises fail as if the store could not be reached. */
  isDown = false;

  /** Fewer workers make two owners of one slot more likely. */
  constructor(now: () => number, workers = WORKER_MAX + 1) {
    this.#now = now;
    this.#workers = workers;
  }

  record(worker: number): SlotRecord {
    return this.#slots.get(worker) ?? { epoch: 0, ceiling: 0 };
  }

  async claim(floor: number, aheadMs: number): Promise<Claimed> {
    this.#checkUp();
    const now = this.#now();
    const workers = Array.from({ length: this.#workers }, (_, worker) => worker);
    const lowest = workers.reduce((a, b) => (this.record(b).ceiling < this.record(a).ceiling ? b : a));
    const worker = workers.find((each) => this.record(each).ceiling <= now) ?? lowest;
    const { epoch, ceiling } = this.record(worker);
    const start = Math.max(now, floor, ceiling);
    const held = { epoch: epoch + 1, ceiling: start + aheadMs };
    this.#slots.set(worker, held);
    return { worker, start, ...held };
  }

  async raise(slot: Slot, ceiling: number): Promise<boolean> {
    this.#checkUp();
    const held = this.record(slot.worker);
    if (held.epoch !== slot.epoch) return false;
    this.#slots.set(slot.worker, { epoch: held.epoch, ceiling: Math.max(held.ceiling, ceiling) });
    return true;
  }

  async release(slot: Slot): Promise<void> {
    this.#checkUp();
    if (this.record(slot.worker).epoch === slot.epoch) this.#slots.set(slot.worker, slot);
  }

  #checkUp(): void {
    if (this.isDown) throw new Error('the slots cannot be reached');
  }
}
