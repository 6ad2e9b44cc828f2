/** So many at once, so many who wait, and nobody more. Whoever waits in vain leaves the queue at once. */

/** Inside: to be called once, when done. */
export type Leave = () => void;

export class Bulkhead {
  readonly #insideMax: number;
  readonly #waitingMax: number;
  readonly #waiting = new Set<() => void>();
  #inside = 0;

  /** 0 = no limit, to each. */
  constructor(insideMax: number, waitingMax: number) {
    this.#insideMax = insideMax === 0 ? Number.POSITIVE_INFINITY : insideMax;
    this.#waitingMax = waitingMax === 0 ? Number.POSITIVE_INFINITY : waitingMax;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  enter(signal: AbortSignal): Promise<Leave | 'full' | 'aborted'> {
    if (signal.aborted) return Promise.resolve('aborted');
    if (this.#inside < this.#insideMax) return Promise.resolve(this.#admit());
    if (this.#waiting.size >= this.#waitingMax) return Promise.resolve('full');
    return new Promise((resolve) => {
      const next = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(this.#admit());
      };
      const giveUp = (): void => {
        this.#waiting.delete(next);
        resolve('aborted');
      };
      this.#waiting.add(next);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  #admit(): Leave {
    this.#inside += 1;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#inside -= 1;
      const [next] = this.#waiting;
      if (next === undefined) return;
      this.#waiting.delete(next);
      next();
    };
  }
}
