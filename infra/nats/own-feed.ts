/**
 * The log as its writers tell it. A stream's sequences have no gaps: as long as one that was acknowledged here, or that another
 * process says it has stored in shards of no interest, comes right behind the other, nothing else has been stored in between, and
 * the server need not send every commit back to its author. That is a seventh of what a message costs. Where a position is not
 * accounted for, and in silence, when others may write, this ends, and the log is read from the server again.
 */
import type { Stored } from '../../events/commit.ts';
import type { Clock } from '../clock.ts';
import type { KnownCommits } from './known-commits.ts';
import type { Leader } from './leader.ts';

/** After so long without news, the server is asked. */
const SILENT_MS = 100;
/** Others say within this time what they have stored. */
const CLAIMED_WITHIN_MS = 200;
/** Commits handed out at once. */
const BATCH_MAX = 1_000;
/** Commits a second from which on it is worth the change from one way of following to the other. */
const BUSY_PER_SECOND = 500;
const JUDGED_FIRST_MS = 1_000;
const JUDGED_MAX_MS = 60_000;

export interface OwnFeedParts {
  readonly known: KnownCommits;
  readonly leader: Pick<Leader, 'saw'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/**
 * What is stored here behind a position, until something else may have been, or the signal is raised; returns up to where. Only
 * `shards` are of interest; left out, all of them are, and then what another process has stored is for the server at once.
 */
export async function* ownFeed(
  { known, leader, clock }: OwnFeedParts,
  after: number,
  shards: ReadonlySet<number> | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly Stored[], number> {
  const patienceMs = shards === undefined ? 0 : CLAIMED_WITHIN_MS;
  let position = after;
  let missingSince: number | undefined;
  while (!signal.aborted) {
    const stretch = known.takeBehind(position, BATCH_MAX, shards);
    if (stretch.position > position) {
      missingSince = undefined;
      position = stretch.position;
      leader.saw(position);
      if (stretch.batch.length > 0) yield stretch.batch;
    }
    if (stretch.isForServer) break;
    // While the batch was taken in, more may have come.
    if (stretch.batch.length > 0) continue;
    const now = clock.monotonicMs();
    if (known.knowsBeyond(position)) missingSince ??= now;
    const waitMs = missingSince === undefined ? SILENT_MS : missingSince + patienceMs - now;
    if (waitMs <= 0 || !(await known.more(waitMs, signal))) break;
  }
  return position;
}

/** Watches what comes from the server, for whether so much of it was written here that {@link ownFeed} is worth a try. */
export class Echo {
  readonly #monotonicMs: Clock['monotonicMs'];
  #count = 0;
  #since: number;
  #judgedAfterMs = JUDGED_FIRST_MS;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor({ monotonicMs }: Pick<Clock, 'monotonicMs'>) {
    this.#monotonicMs = monotonicMs;
    this.#since = monotonicMs();
  }

  /** Takes note of so many commits, all of them written here or not; whether it is worth a try now. */
  heard(count: number, isOwn: boolean): boolean {
    const now = this.#monotonicMs();
    if (!isOwn) {
      this.#begin(now);
      return false;
    }
    this.#count += count;
    const passedMs = now - this.#since;
    if (passedMs < this.#judgedAfterMs) return false;
    const isBusy = this.#count * 1_000 >= passedMs * BUSY_PER_SECOND;
    this.#begin(now);
    if (isBusy) this.#triedAt = now;
    return isBusy;
  }

  /** The try is over: one that was over sooner than it took to come about is not repeated soon. */
  ended(): void {
    const now = this.#monotonicMs();
    const wasWorthIt = now - this.#triedAt >= this.#judgedAfterMs;
    this.#judgedAfterMs = wasWorthIt ? JUDGED_FIRST_MS : Math.min(this.#judgedAfterMs * 2, JUDGED_MAX_MS);
    this.#begin(now);
  }

  #begin(now: number): void {
    this.#count = 0;
    this.#since = now;
  }
}
