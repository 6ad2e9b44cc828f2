/** Counts what a play does, while it does it. */

export class Meter {
  /** Messages handed to a socket. */
  said = 0;
  acked = 0;
  /** Milliseconds from saying a message until it was acknowledged and the other side had it. */
  readonly tookMs: number[] = [];
  /** Called with each acknowledged message. */
  onAcked: () => void = () => undefined;
  #movedAt = performance.now();

  countSaid(): void {
    this.said += 1;
  }

  countAcked(): void {
    this.acked += 1;
    this.moved();
    this.onAcked();
  }

  countSeen(tookMs: number): void {
    this.tookMs.push(tookMs);
  }

  /** Anything that shows that the play goes on. */
  moved(): void {
    this.#movedAt = performance.now();
  }

  /** How long nothing has moved. */
  get stillMs(): number {
    return performance.now() - this.#movedAt;
  }
}

/** The value that a share of the values does not exceed; 0 of none. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};
