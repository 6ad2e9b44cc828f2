/**
 * Leaves a model alone that keeps failing: after so many failures in a row it rests, and then one question tries whether it
 * is back. On the monotonic clock, because a clock that is set back must not make the rest longer.
 */
import type { Clock } from '../clock.ts';

/** Failures in a row after which it rests. */
const FAILURES_MAX = 5;
const REST_MS = 5_000;

/** A question that was let through, to say what became of it. */
export interface Pass {
  succeeded(): void;
  failed(): void;
  /** Given up for a reason that says nothing of the model. */
  abandoned(): void;
}

export class Breaker {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #failures = 0;
  /** Monotonic milliseconds; `undefined` while everything is let through. */
  #restsUntil: number | undefined;
  #isTrying = false;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Whether nobody would be let through now. */
  get isResting(): boolean {
    return this.#restsUntil !== undefined && (this.#isTrying || this.#clock.monotonicMs() < this.#restsUntil);
  }

  /** `undefined` while the model rests. */
  enter(): Pass | undefined {
    if (this.isResting) return undefined;
    const isTrial = this.#restsUntil !== undefined;
    this.#isTrying = isTrial;
    return this.#pass(isTrial);
  }

  #pass(isTrial: boolean): Pass {
    const end = (): void => {
      if (isTrial) this.#isTrying = false;
    };
    return {
      succeeded: () => {
        end();
        // What began before the rest is no proof that it is over.
        if (!isTrial && this.#restsUntil !== undefined) return;
        this.#failures = 0;
        this.#restsUntil = undefined;
      },
      failed: () => {
        end();
        this.#failures += 1;
        if (isTrial || this.#failures >= FAILURES_MAX) this.#restsUntil = this.#clock.monotonicMs() + REST_MS;
      },
      abandoned: end,
    };
  }
}
