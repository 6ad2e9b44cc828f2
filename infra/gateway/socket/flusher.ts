/**
 * Sends what the sockets have to say, all of them together. What a message costs is wake-ups, not bytes: under load, frames
 * that gather for a moment share their system call; with nothing to wait for, a frame leaves within its turn of the event loop.
 */

export interface Flushable {
  /** Sends what has gathered. */
  flush(): void;
}

/** How long frames gather while others are being sent, in milliseconds. */
const GATHER_MS = 2;

export class Flusher {
  readonly #monotonicMs: () => number;
  #waiting: Flushable[] = [];
  #flushedAt = Number.NEGATIVE_INFINITY;
  #scheduled = false;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** Flushes it soon, once. */
  add(flushable: Flushable): void {
    this.#waiting.push(flushable);
    if (this.#scheduled) return;
    this.#scheduled = true;
    const waitMs = this.#flushedAt + GATHER_MS - this.#monotonicMs();
    if (waitMs > 0) setTimeout(this.#flush, waitMs);
    else setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#scheduled = false;
    for (const each of waiting) each.flush();
    this.#flushedAt = this.#monotonicMs();
  };
}
