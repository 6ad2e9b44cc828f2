/** The one place that reads the clocks. */
export interface Clock {
  /** Unix milliseconds; may be set back at any time. */
  readonly now: () => number;
  /** Milliseconds from an arbitrary start; never go back. */
  readonly monotonicMs: () => number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonicMs: () => performance.now() };
