/** How long visitors waited, many of them: counted in steps of five percent, so that a million take no more room than a few. */

const STEP = Math.log(1.05);

export class Waits {
  readonly #counts = new Map<number, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(waitMs: number, times = 1): void {
    if (times === 0) return;
    const step = Math.round(Math.log1p(Math.max(0, waitMs)) / STEP);
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + times);
    this.#size += times;
  }

  /** The wait that this share of the visitors did not exceed, in milliseconds; `undefined` where nobody waited. */
  quantile(share: number): number | undefined {
    const wanted = Math.max(1, Math.ceil(share * this.#size));
    let seen = 0;
    for (const [step, count] of this.#steps()) {
      seen += count;
      if (seen >= wanted) return waitOf(step);
    }
    return undefined;
  }

  /** How many waited less than this, by their steps. */
  below(limitMs: number): number {
    return this.#steps().reduce((sum, [step, count]) => sum + (waitOf(step) < limitMs ? count : 0), 0);
  }

  #steps(): (readonly [step: number, count: number])[] {
    return [...this.#counts].toSorted(([one], [other]) => one - other);
  }
}

const waitOf = (step: number): number => Math.round(Math.expm1(step * STEP));
