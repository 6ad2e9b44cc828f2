/** The actors' world with a clock that only moves when told. */
import type { World } from '../../actors/world.ts';
import { IdGenerator } from '../../events/id-generator.ts';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

export class VirtualWorld implements World {
  /** What was reported, in order. */
  readonly troubles: string[] = [];
  #nowMs: number;
  #monotonicMs = 0;
  readonly #timers = new Set<Timer>();
  readonly #ids: IdGenerator;

  constructor(nowMs = 1_764_000_000_000, worker = 1) {
    this.#nowMs = nowMs;
    this.#ids = new IdGenerator(worker, nowMs, nowMs + 1e12, () => this.#nowMs);
  }

  readonly now = (): number => this.#nowMs;
  readonly monotonicMs = (): number => this.#monotonicMs;
  readonly freshId: World['freshId'] = (seen) => this.#ids.next(seen);
  readonly report: World['report'] = (trouble) => {
    this.troubles.push(trouble);
  };
  readonly after: World['after'] = (delayMs, callback) => {
    const timer = { due: this.#monotonicMs + delayMs, callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  };

  /** Sets the time of day, forward or back. */
  set(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  /** Lets time pass; what falls due is called in order. */
  pass(ms: number): void {
    const until = this.#monotonicMs + ms;
    for (;;) {
      const next = [...this.#timers].toSorted((a, b) => a.due - b.due)[0];
      if (next === undefined || next.due > until) break;
      this.#timers.delete(next);
      this.#nowMs += next.due - this.#monotonicMs;
      this.#monotonicMs = next.due;
      next.callback();
    }
    this.#nowMs += until - this.#monotonicMs;
    this.#monotonicMs = until;
  }
}
