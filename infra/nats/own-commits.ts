/**
 * The newest commits that this process has stored itself, by position. Whoever follows the log need not read them from their
 * bytes again, and need not even get them from the server as long as nobody else stores anything ({@link ownFeed}).
 */
import type { Stored } from '../../events/commit.ts';

/** Commits kept: a power of two, and more than any projector of this process is behind when it keeps up. */
const KEPT = 1 << 14;

export class OwnCommits {
  readonly #kept: (Stored | undefined)[] = Array.from({ length: KEPT });
  #newest = 0;
  #told: (() => void) | undefined;

  stored(stored: Stored): void {
    this.#kept[stored.position % KEPT] = stored;
    this.#newest = Math.max(this.#newest, stored.position);
    this.#told?.();
  }

  /** The commit, if it is one of them. */
  get(position: number): Stored | undefined {
    const stored = this.#kept[position % KEPT];
    return stored?.position === position ? stored : undefined;
  }

  /** Whoever follows the log has it. */
  forget(position: number): void {
    if (this.get(position) !== undefined) this.#kept[position % KEPT] = undefined;
  }

  /** What was stored here right behind a position, one after the other; at most so many, which are forgotten. */
  takeBehind(position: number, most: number): readonly Stored[] {
    const taken: Stored[] = [];
    for (let stored = this.get(position + 1); stored !== undefined && taken.length < most; ) {
      taken.push(stored);
      this.forget(stored.position);
      stored = this.get(stored.position + 1);
    }
    return taken;
  }

  /** Whether something behind a position was stored here, but not what comes next. */
  lacks(position: number): boolean {
    return this.#newest > position && this.get(position + 1) === undefined;
  }

  /** Resolves with whether anything was stored, at the end of the turn in which it was; after so many milliseconds nothing was. */
  more(withinMs: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isSo: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', give);
        this.#told = undefined;
        resolve(isSo);
      };
      const give = (): void => end(false);
      const timer = setTimeout(give, withinMs);
      signal.addEventListener('abort', give, { once: true });
      this.#told = () => {
        this.#told = undefined;
        setImmediate(end, true);
      };
    });
  }
}
