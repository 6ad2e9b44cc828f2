/**
 * The log as this process writes it. A stream's sequences have no gaps: as long as one acknowledged here comes right behind the
 * other, nobody else has stored anything in between, and the server need not send every commit back to its author. That is a
 * tenth of what a message costs. As soon as there is a gap, or silence, in which others may write, it ends, and the log is read
 * from the server again.
 */
import type { Stored } from '../../events/commit.ts';
import type { Clock } from '../clock.ts';
import type { Leader } from './leader.ts';
import type { OwnCommits } from './own-commits.ts';

/** After so long without anything stored here, others are listened to. */
const SILENT_MS = 100;
/** Commits handed out at once. */
const BATCH_MAX = 1_000;
/** Commits a second from which on it is worth the change from one way of following to the other. */
const BUSY_PER_SECOND = 500;
const JUDGED_EVERY_MS = 1_000;

export interface OwnFeedParts {
  readonly own: OwnCommits;
  readonly leader: Leader;
}

/** What is stored here behind a position, until something else may have been, or the signal is raised. */
export async function* ownFeed(
  { own, leader }: OwnFeedParts,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly Stored[]> {
  for (let position = after; !signal.aborted; ) {
    const batch = own.takeBehind(position, BATCH_MAX);
    const last = batch.at(-1);
    if (last !== undefined) {
      position = last.position;
      leader.saw(position);
      yield batch;
    } else if (own.lacks(position) || !(await own.more(SILENT_MS, signal))) return;
  }
}

/** Watches what comes by from the server, for whether this process alone fills the log, and how fast. */
export class Solitude {
  readonly #clock: Clock;
  #position = 0;
  #count = 0;
  #since = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes note of the next batch; whether from here on {@link ownFeed} is worth a try. */
  goesOn(batch: readonly Stored[], isOwn: boolean): boolean {
    const now = this.#clock.monotonicMs();
    const position = batch.at(-1)?.position ?? this.#position;
    const hasGap = position - this.#position !== batch.length;
    this.#position = position;
    if (!isOwn || hasGap) {
      this.#begin(now);
      return false;
    }
    this.#count += batch.length;
    const passedMs = now - this.#since;
    if (passedMs < JUDGED_EVERY_MS) return false;
    const isBusy = this.#count * 1_000 >= passedMs * BUSY_PER_SECOND;
    this.#begin(now);
    return isBusy;
  }

  #begin(now: number): void {
    this.#count = 0;
    this.#since = now;
  }
}
