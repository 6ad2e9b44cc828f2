/** Appends gathered into transactions: one is on its way to the disk while the next one fills. */
import type { Clock } from '../clock.ts';
import type { LmdbStore } from './store.ts';

export interface QueuedAppend {
  /** Puts the append into the store's databases. */
  readonly put: () => void;
  /** Either this or {@link failed} is called, once, when the truth is known. */
  readonly stored: () => void;
  /** Nothing of it is stored. */
  readonly failed: (error: Error) => void;
  /** The disk takes too long; the truth is still to come. May be called several times. */
  readonly late: () => void;
  /** Monotonic milliseconds from when on it is late. */
  readonly deadline: number;
}

/** Appends in one transaction. */
const GROUP_MAX = 2_000;
const QUEUED_MAX = 100_000;
const LOOK_EVERY_MS = 100;

export class AppendQueue {
  readonly #store: Pick<LmdbStore, 'write'>;
  readonly #clock: Clock;
  #queue: QueuedAppend[] = [];
  #group: readonly QueuedAppend[] = [];
  #writing: Promise<void> | undefined;
  #scheduled = false;
  #looking: NodeJS.Timeout | undefined;

  constructor(store: Pick<LmdbStore, 'write'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  push(append: QueuedAppend): void {
    if (this.#queue.length >= QUEUED_MAX) {
      queueMicrotask(() => append.failed(new Error('too many appends are waiting for the disk')));
      return;
    }
    this.#queue.push(append);
    this.#looking ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
    this.#schedule();
  }

  /** Resolves when nothing waits and nothing is under way. */
  async settled(): Promise<void> {
    while (this.#queue.length > 0 || this.#writing !== undefined) {
      await (this.#writing ?? new Promise((resolve) => setImmediate(resolve)));
    }
  }

  /** Writes in the check phase, so that everything one turn of the event loop leads to shares a transaction. */
  #schedule(): void {
    if (this.#scheduled || this.#writing !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        if (this.#queue.length > 0) this.#schedule();
      });
    });
  }

  async #write(): Promise<void> {
    const group = this.#queue.slice(0, GROUP_MAX);
    this.#queue = this.#queue.slice(GROUP_MAX);
    this.#group = group;
    try {
      await this.#store.write(() => {
        for (const { put } of group) put();
      });
      for (const { stored } of group) stored();
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      for (const { failed } of group) failed(failure);
    } finally {
      this.#group = [];
    }
  }

  #look(): void {
    const now = this.#clock.monotonicMs();
    for (const append of [...this.#group, ...this.#queue]) {
      if (append.deadline > now) break;
      append.late();
    }
    if (this.#group.length > 0 || this.#queue.length > 0) return;
    clearInterval(this.#looking);
    this.#looking = undefined;
  }
}
