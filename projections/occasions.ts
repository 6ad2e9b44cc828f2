/** Waiting for what others bring about: they say that something has happened, and whoever waits looks whether it is that. */
export class Occasions {
  /** No set: one in which few come and go all the time makes old garbage point at young. */
  #looking: readonly (() => void)[] = [];

  /** Something has happened that somebody may wait for. */
  tell(): void {
    for (const look of this.#looking) look();
  }

  /** Resolves as soon as it holds. */
  async until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.#forget(look);
        resolve();
      };
      this.#looking = [...this.#looking, look];
    });
  }

  /** Rests until it holds, but no longer than `rest` does, which the signal cuts short. */
  async rest(rest: (signal: AbortSignal) => Promise<void>, holds: () => boolean): Promise<void> {
    const over = new AbortController();
    const look = (): void => {
      if (holds()) over.abort();
    };
    look();
    if (over.signal.aborted) return;
    this.#looking = [...this.#looking, look];
    await rest(over.signal);
    this.#forget(look);
  }

  #forget(look: () => void): void {
    this.#looking = this.#looking.filter((each) => each !== look);
  }
}
