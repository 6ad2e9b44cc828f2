/**
 * Commits folded as they come by into what the next write changes: a row and a few encoded messages for each session, so that
 * no commit is kept until then.
 */
import type { Stored } from '../events/commit.ts';
import type { SessionRef } from '../events/names.ts';
import { shardOf } from '../events/shard.ts';
import { MessageLines } from './message-lines.ts';
import { draftOf, foldOn, type RowDraft, type SessionRow } from './session-row.ts';
import type { RowChange, ViewStore } from './view-store.ts';

/** Rows of one shard kept in memory, so that a busy session's row is not read before each write. */
const CACHED_ROWS_MAX = 1_024;

/** A session's change since the last write. */
export interface Change extends RowChange {
  /** Nobody else's until it is taken, and not changed after that. */
  readonly after: RowDraft;
  /** The row as the observers know it: what is gathered in a rebuild may begin long before that. */
  known: SessionRow | undefined;
}

/** What has come by since the last write. */
export class Gathered {
  /** Everything up to here has come by; 0 when nothing has. */
  position = 0;
  commits = 0;
  /** Changes by shard and session. */
  readonly shards = new Map<number, Map<string, Change>>();
}

export interface FoldingPorts {
  readonly views: ViewStore;
  /** Whether a commit at this position is still to be projected. */
  readonly isWanted: (shard: number, position: number) => boolean;
  /** Up to where the observers of a shard were told. */
  readonly toldUpTo: (shard: number) => number;
}

export class Folding {
  readonly #ports: FoldingPorts;
  /** The newest rows by shard and session, written or about to be. */
  readonly #rows: readonly Map<string, SessionRow>[];
  /** Rows that were read for the present batch and not folded on yet. */
  readonly #read = new Map<string, SessionRow | undefined>();
  #gathered = new Gathered();

  constructor(ports: FoldingPorts) {
    this.#ports = ports;
    this.#rows = Array.from({ length: ports.views.shards }, () => new Map<string, SessionRow>());
  }

  /** What has come by since it was last taken. */
  get gathered(): Readonly<Gathered> {
    return this.#gathered;
  }

  /** Begins anew from what the store holds. */
  clear(): void {
    for (const rows of this.#rows) rows.clear();
    this.#read.clear();
    this.#gathered = new Gathered();
  }

  /**
   * Folds a batch, which goes on from the one before. Answers with a shard in which a session's row does not reach up to its
   * next commit. The checkpoint alone does not show that: another projector may have emptied the shard and filled it up to the
   * same checkpoint while its rows were read here.
   */
  async fold(batch: readonly Stored[]): Promise<number | undefined> {
    this.#read.clear();
    for (let at = this.#foldFrom(batch, 0); ; at = this.#foldFrom(batch, at)) {
      const stopped = batch[at];
      if (stopped === undefined) break;
      if (!this.#isUnread(stopped)) return this.#shardOf(stopped);
      await this.#readRows(batch.slice(at));
    }
    this.#gathered.position = batch.at(-1)?.position ?? this.#gathered.position;
    return undefined;
  }

  /** Hands on what was gathered; what comes from now on is another change. */
  take(): Gathered {
    const taken = this.#gathered;
    this.#gathered = new Gathered();
    for (const [shard, changes] of taken.shards) {
      const rows = this.#rows[shard];
      for (const [key, { after }] of changes) rows?.set(key, after);
    }
    return taken;
  }

  /** The store holds what was taken of a shard: the rows that came first can be read from there if they are needed again. */
  written(shard: number): void {
    const rows = this.#rows[shard];
    if (rows === undefined) return;
    for (const key of rows.keys()) {
      if (rows.size <= CACHED_ROWS_MAX) return;
      rows.delete(key);
    }
  }

  /** Folds up to a commit that cannot be folded now, and says which it is. */
  #foldFrom(batch: readonly Stored[], first: number): number {
    for (let at = first; at < batch.length; at++) {
      const stored = batch[at];
      if (stored === undefined) break;
      const shard = this.#shardOf(stored);
      if (!this.#ports.isWanted(shard, stored.position)) continue;
      const key = keyOf(stored);
      const change = this.#gathered.shards.get(shard)?.get(key) ?? this.#begin(shard, key, stored);
      if (change === undefined || !goesOn(change, stored, this.#ports.toldUpTo(shard))) return at;
      this.#gathered.commits += 1;
    }
    return batch.length;
  }

  /** A change with its first commit to come; none where the session's row has to be read first. */
  #begin(shard: number, key: string, stored: Stored): Change | undefined {
    if (this.#isUnread(stored)) return undefined;
    const before = this.#rows[shard]?.get(key) ?? this.#read.get(key);
    this.#read.delete(key);
    const change: Change = { before, after: draftOf(before, stored), messages: new MessageLines(), known: before };
    const ofShard = this.#gathered.shards.get(shard);
    if (ofShard === undefined) this.#gathered.shards.set(shard, new Map([[key, change]]));
    else ofShard.set(key, change);
    return change;
  }

  /** Whether a commit goes on from a row that is only in the store. A session that starts here has none. */
  #isUnread(stored: Stored): boolean {
    const shard = this.#shardOf(stored);
    const key = keyOf(stored);
    return (
      stored.commit.seq > 1 &&
      this.#rows[shard]?.has(key) !== true &&
      !this.#read.has(key) &&
      this.#gathered.shards.get(shard)?.has(key) !== true
    );
  }

  /** Reads whatever these commits need from the store. */
  async #readRows(commits: readonly Stored[]): Promise<void> {
    const unread = new Map<number, Map<string, SessionRef>>();
    for (const stored of commits) {
      const shard = this.#shardOf(stored);
      if (!this.#ports.isWanted(shard, stored.position) || !this.#isUnread(stored)) continue;
      const { tenant, commit } = stored;
      const refs = unread.get(shard) ?? new Map<string, SessionRef>();
      unread.set(shard, refs.set(keyOf(stored), { tenant, session: commit.session }));
    }
    await Promise.all(
      Array.from(unread, async ([shard, refs]) => {
        const rows = await this.#ports.views.rows(shard, [...refs.values()]);
        [...refs.keys()].forEach((key, index) => this.#read.set(key, rows[index]));
      }),
    );
  }

  #shardOf({ commit }: Stored): number {
    return shardOf(commit.session, this.#ports.views.shards);
  }
}

/** Adds a commit to a session's change, unless the row lacks what lies before it. */
const goesOn = (change: Change, stored: Stored, toldUpTo: number): boolean => {
  const { before, after, messages } = change;
  const { position, commit } = stored;
  if (after.seq + 1 < commit.seq) return false;
  // What the row has become by now is what the observers know.
  const isFolded = after.position > (before?.position ?? 0);
  if (isFolded && after.position <= toldUpTo && position > toldUpTo) change.known = { ...after };
  if (position <= after.position) return true;
  foldOn(after, stored);
  messages.addFrom(commit);
  return true;
};

const keyOf = ({ tenant, commit }: Stored): string => `${tenant}/${commit.session}`;
