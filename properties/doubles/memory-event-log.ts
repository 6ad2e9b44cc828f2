/** The log in memory: a small and faithful implementation of the port. */
import { type Commit, decodeCommit, type Stored } from '../../events/commit.ts';
import { encodeCommit } from '../../events/encoding/commit.ts';
import type { Append, Appended, Batches, EventLog, Scan } from '../../events/event-log.ts';
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';

/** Commits handed on at once. */
const BATCH_MAX = 256;

interface Entry {
  readonly tenant: string;
  readonly session: string;
  readonly position: number;
  readonly body: string;
}

export class MemoryEventLog implements EventLog {
  readonly shards: number;
  readonly #entries: Entry[] = [];
  readonly #heads = new Map<string, number>();
  /** Position by session and commit id. */
  readonly #stored = new Map<string, number>();
  readonly #listeners = new Set<() => void>();

  constructor(shards: number) {
    this.shards = shards;
  }

  async append({ tenant, session, commit, expected }: Append): Promise<Appended> {
    const key = `${tenant}/${session}`;
    const position = this.#heads.get(key) ?? 0;
    // The same commit sent again, because its first answer was lost.
    const first = this.#stored.get(`${key}/${commit.commit}`);
    if (first !== undefined) return { _tag: 'Stored', position: first };
    if (position !== expected) return { _tag: 'Conflict' };
    return { _tag: 'Stored', position: this.#store({ tenant, session }, commit) };
  }

  async *read(ref: SessionRef, after = 0): Batches {
    yield* batches(
      this.#entries.filter(
        ({ tenant, session, position }) => tenant === ref.tenant && session === ref.session && position > after,
      ),
    );
  }

  async *scan({ after, until, tenant, shards, follow = false, signal }: Scan): Batches {
    const isAsked = (stored: Stored): boolean =>
      (tenant === undefined || stored.tenant === tenant) &&
      (shards === undefined || shards.has(shardOf(stored.commit.session, this.shards)));
    let position = after;
    for (;;) {
      const end = until ?? this.#entries.length;
      for (const batch of batches(this.#entries.slice(position, end))) {
        if (signal?.aborted === true) return;
        const asked = batch.filter(isAsked);
        if (asked.length > 0) yield asked;
      }
      position = Math.max(position, Math.min(end, this.#entries.length));
      if (!follow || signal?.aborted === true || (until !== undefined && position >= until)) return;
      if (position >= this.#entries.length) await this.#appended(signal);
    }
  }

  async head(): Promise<number> {
    return this.#entries.length;
  }

  #store({ tenant, session }: SessionRef, commit: Commit): number {
    const key = `${tenant}/${session}`;
    const position = this.#entries.length + 1;
    this.#entries.push({ tenant, session, position, body: encodeCommit(commit).toString() });
    this.#heads.set(key, position);
    this.#stored.set(`${key}/${commit.commit}`, position);
    for (const listener of this.#listeners) listener();
    return position;
  }

  /** Resolves with the next append, or when the signal is raised. */
  #appended(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#listeners.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#listeners.add(done);
      signal?.addEventListener('abort', done);
    });
  }
}

function* batches(entries: readonly Entry[]): Generator<readonly Stored[]> {
  for (let first = 0; first < entries.length; first += BATCH_MAX)
    yield entries.slice(first, first + BATCH_MAX).map(storedOf);
}

/** Through the codec, as from a real log: what does not survive it is found here. */
const storedOf = ({ tenant, position, body }: Entry): Stored => {
  const commit = decodeCommit(body);
  if (commit._tag === 'Left') throw new Error('a commit that was stored cannot be read');
  return { tenant, position, commit: commit.right };
};
