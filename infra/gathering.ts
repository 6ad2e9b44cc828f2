/**
 * What a message costs is wake-ups, of this process, of the kernel and of whoever it talks to. So work gathers while there is
 * much of it: what comes alone is done within its turn of the event loop, what comes right behind waits for a moment.
 */
export class Gathering {
  readonly #monotonicMs: () => number;
  readonly #gatherMs: number;
  readonly #act: () => void;
  #actedAt = Number.NEGATIVE_INFINITY;
  #isDue = false;

  /** `act` is called at most once in `gatherMs`, or as often as the event loop turns where that is seldomer. */
  constructor(monotonicMs: () => number, gatherMs: number, act: () => void) {
    this.#monotonicMs = monotonicMs;
    this.#gatherMs = gatherMs;
    this.#act = act;
  }

  /** There is something to do. */
  soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const waitMs = this.#actedAt + this.#gatherMs - this.#monotonicMs();
    // Behind the turn's reads, so that all they lead to is done together.
    if (waitMs > 0) setTimeout(this.#due, waitMs);
    else setImmediate(this.#due);
  }

  readonly #due = (): void => {
    this.#isDue = false;
    this.#actedAt = this.#monotonicMs();
    this.#act();
  };
}
