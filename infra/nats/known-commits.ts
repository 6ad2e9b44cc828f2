/**
 * What is known of the log's newest positions without reading them: the commits that this process has stored itself, and where
 * other processes say that they have stored theirs. Whoever follows the log need not read the own ones from their bytes again,
 * and as long as every position is known, the server need not send anything ({@link ownFeed}).
 */
import type { Stored } from '../../events/commit.ts';

/** Positions kept: a power of two, and more than any projector of this process is behind when it keeps up. */
const KEPT = 1 << 14;

/** Commits one behind the other, with nothing of interest in between. */
export interface Stretch {
  readonly batch: readonly Stored[];
  /** Up to here. */
  readonly position: number;
  /** Behind it is a commit of interest that only the server has. */
  readonly isForServer: boolean;
}

export class KnownCommits {
  /** Of what is known at each place: its position, shard, and the commit where it is one of this process's. */
  readonly #positions = new Float64Array(KEPT);
  readonly #shards = new Uint16Array(KEPT);
  readonly #commits: (Stored | undefined)[] = Array.from({ length: KEPT });
  #newest = 0;
  #told: (() => void) | undefined;

  /** This process has stored it. */
  stored(stored: Stored, shard: number): void {
    this.#know(stored.position, shard, stored);
  }

  /** Another process has stored a commit of that shard there. */
  claimed(position: number, shard: number): void {
    this.#know(position, shard, undefined);
  }

  /** The commit, if it is one of this process's. */
  get(position: number): Stored | undefined {
    const place = position % KEPT;
    return this.#positions[place] === position ? this.#commits[place] : undefined;
  }

  /** Whoever follows the log has it. */
  forget(position: number): void {
    const place = position % KEPT;
    if (this.#positions[place] === position) this.#commits[place] = undefined;
  }

  /**
   * What is known right behind a position: at most so many of this process's commits in these shards, or in all, which are
   * forgotten, and past what is in other shards.
   */
  takeBehind(position: number, most: number, shards: ReadonlySet<number> | undefined): Stretch {
    const batch: Stored[] = [];
    let last = position;
    for (let next = last + 1; batch.length < most && this.#positions[next % KEPT] === next; next++) {
      if (shards === undefined || shards.has(this.#shards[next % KEPT] ?? 0)) {
        const stored = this.get(next);
        if (stored === undefined) return { batch, position: last, isForServer: true };
        batch.push(stored);
      }
      this.forget(next);
      last = next;
    }
    return { batch, position: last, isForServer: false };
  }

  /** Nothing is known any more: the log may have been set back, and have something else there. */
  clear(): void {
    this.#positions.fill(0);
    this.#commits.fill(undefined);
    this.#newest = 0;
  }

  /** Whether anything behind a position is known. */
  knowsBeyond(position: number): boolean {
    return this.#newest > position;
  }

  /** Resolves with whether there are news, at the end of the turn in which they come; after so many milliseconds there are none. */
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

  #know(position: number, shard: number, stored: Stored | undefined): void {
    const place = position % KEPT;
    this.#positions[place] = position;
    this.#shards[place] = shard;
    this.#commits[place] = stored;
    if (position > this.#newest) this.#newest = position;
    this.#told?.();
  }
}
