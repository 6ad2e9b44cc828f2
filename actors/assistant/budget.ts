/** One time for everything that a question may take. When it is over, or nobody asks any more, all that is under way ends. */
import type { World } from '../world.ts';

/** Milliseconds for one answer, where nobody says otherwise. */
export const BUDGET_DEFAULT_MS = 3_000;

/** Why the signal was raised, where it was for the time alone. */
export const TIME_IS_OVER = Symbol('time is over');

export class Budget {
  readonly #clock: Pick<World, 'after'>;
  readonly #controller = new AbortController();
  readonly #asker: AbortSignal;
  readonly #cancel: () => void;
  readonly #stop = (): void => this.stop();

  /** `asker` is raised when the answer is of no use any more. */
  constructor(clock: Pick<World, 'after'>, budgetMs: number, asker: AbortSignal) {
    this.#clock = clock;
    this.#asker = asker;
    this.#cancel = clock.after(budgetMs, () => this.#controller.abort(TIME_IS_OVER));
    if (asker.aborted) this.stop();
    else asker.addEventListener('abort', this.#stop);
  }

  /** Raised at the end, whatever brought it about. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    this.#controller.abort();
  }

  /** The answer, or `late` when time is over first; then nobody hears of it any more, nor of its failure. */
  within<A>(answer: Promise<A>): Promise<A | 'late'> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const late = (): void => resolve('late');
      if (signal.aborted) late();
      else signal.addEventListener('abort', late);
      answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
    });
  }

  /** Resolves after so many milliseconds, or when time is over. */
  async wait(delayMs: number): Promise<void> {
    let cancel = (): void => undefined;
    const passed = new Promise<void>((resolve) => {
      cancel = this.#clock.after(delayMs, resolve);
    });
    await this.within(passed);
    cancel();
  }

  /** Whatever is still under way is of no use any more. */
  end(): void {
    this.#cancel();
    this.#asker.removeEventListener('abort', this.#stop);
    this.stop();
  }
}
