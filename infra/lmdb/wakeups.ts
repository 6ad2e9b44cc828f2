/** Tells those who wait that something new can be read. */
export class Wakeups {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  /** Grows with every call of {@link notify}. Read it before looking, so that nothing new is missed after looking. */
  get count(): number {
    return this.#count;
  }

  notify(): void {
    this.#count += 1;
    if (this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves once the count is greater than `count`, or when the signal is raised. */
  async beyond(count: number, signal: AbortSignal): Promise<void> {
    if (this.#count > count || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
