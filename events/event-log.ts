/** The log: the one authority on what happened. Adapters in `infra/`, their common laws in `properties/`. */
import type { Commit, Stored } from './commit.ts';
import type { SessionRef } from './names.ts';

export interface Append extends SessionRef {
  readonly commit: Commit;
  /** The position of the session's last commit, 0 where it has none: the append is stored only if this still holds. */
  readonly expected: number;
}

export type Appended =
  | { readonly _tag: 'Stored'; readonly position: number }
  /** The session's last commit is another one than `expected`: read it again and decide anew. */
  | { readonly _tag: 'Conflict' }
  /** It could not be learned in time whether the commit is stored. It may still appear. Callers may be shown `why`. */
  | { readonly _tag: 'Undecided'; readonly why: string };

export interface Scan {
  /** Only commits behind this position; 0 for all. */
  readonly after: number;
  /** Up to this position, included; without it the end as it was at the start of the scan. */
  readonly until?: number;
  /** Only this tenant's. */
  readonly tenant?: string;
  /** Only the sessions of these shards. A log that one process has to itself may give the others all the same. */
  readonly shards?: ReadonlySet<number>;
  /** Stay, and hand on what is appended later, until the signal says stop. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** Stored commits in order of position, as many at a time as there are at hand; never an empty batch. */
export type Batches = AsyncIterable<readonly Stored[]>;

export interface EventLog {
  /** How many slices the sessions are spread over: fixed when the log is made. */
  readonly shards: number;

  /**
   * Stores one commit. At most one append of a session may be under way. The same commit appended again is stored once, and
   * answered with its first position. Rejects when the log itself is out of order, with what an operator should read; as
   * little is known then as with `Undecided`.
   */
  append(append: Append): Promise<Appended>;

  /**
   * One session's commits behind a position (default 0: all), in order. Nothing when there is no such session. Gives at least
   * every commit acknowledged before the call.
   */
  read(ref: SessionRef, after?: number): Batches;

  /** Everyone's commits in order of position. */
  scan(scan: Scan): Batches;

  /** The position of the newest commit; 0 for an empty log. Counts everything acknowledged before the call. */
  head(): Promise<number>;
}
