/**
 * The newest commits that this process has stored itself, by position. The projector follows the log, and most of what comes
 * by was written here a moment ago: it need not be read from its bytes again.
 */
import type { Commit } from '../../events/commit.ts';

/** Commits kept: a power of two, and more than any projector of this process is behind when it keeps up. */
const KEPT = 1 << 14;

export class OwnCommits {
  readonly #positions = new Float64Array(KEPT);
  readonly #commits: (Commit | undefined)[] = new Array<Commit | undefined>(KEPT);

  stored(position: number, commit: Commit): void {
    const place = position % KEPT;
    this.#positions[place] = position;
    this.#commits[place] = commit;
  }

  /** The commit, if it is one of them, once: whoever follows the log takes it. */
  take(position: number): Commit | undefined {
    const place = position % KEPT;
    if (this.#positions[place] !== position) return undefined;
    const commit = this.#commits[place];
    this.#commits[place] = undefined;
    this.#positions[place] = 0;
    return commit;
  }
}
