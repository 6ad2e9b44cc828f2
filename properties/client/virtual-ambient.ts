/** Time that passes only when a test says so, and chance that comes out the same each time. */
import type { Ambient } from '../../infra/client/index.ts';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

export class VirtualAmbient implements Ambient {
  #nowMs = 1_000_000;
  #ids = 0;
  #state: number;
  readonly #timers = new Set<Timer>();
  readonly #online = new Set<() => void>();

  constructor(seed = 1) {
    this.#state = seed;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Mulberry32. */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  randomId(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }

  later(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  onOnline(run: () => void): () => void {
    this.#online.add(run);
    return () => this.#online.delete(run);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Lets everything happen that is due within `ms`, in order, with the promises it settles. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs > untilMs) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.run();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  /** The machine's network is back. */
  async comeOnline(): Promise<void> {
    for (const run of this.#online) run();
    await settled();
  }
}

/** Everything promised has been kept, however long the chain; no time passes. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
