/** The views in the embedded store, beside the log. */
import type { Database, RootDatabase } from 'lmdb';
import type { DueQuery } from '../../events/deadlines.ts';
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
import { DUE, type DuePage, type DuePlace, mergeDue } from '../../projections/due.ts';
import type { EncodedMessage } from '../../projections/encoded-message.ts';
import { type Entry, type ListRead, mergeInbox } from '../../projections/inbox-merge.ts';
import type { SessionRow } from '../../projections/session-row.ts';
import type { DumpEntry } from '../../projections/view-dump.ts';
import {
  type InboxPage,
  type InboxQuery,
  type MessageQuery,
  newerFirst,
  type TranscriptPage,
  type ViewBatch,
  type ViewStore,
  type Written,
} from '../../projections/view-store.ts';
import { type ViewChange, viewChange } from './view-change.ts';
import { dumpViews } from './view-dump.ts';
import { before, decodeHead, encodeHead, type Head, headKey, LAST, type ViewKey, ViewKeys } from './view-keys.ts';

/** Keys removed in one transaction, so that clearing a large shard does not hold up everything else. */
const REMOVE_STEP = 2_000;

/** The store does not own the environment: whoever opened it closes it. */
export class LmdbViewStore implements ViewStore {
  readonly shards: number;
  readonly #db: Database<string, ViewKey>;

  constructor(root: RootDatabase, shards: number) {
    this.shards = shards;
    this.#db = root.openDB<string, ViewKey>({ name: 'views', encoding: 'string' });
  }

  async checkpoints(): Promise<readonly number[]> {
    return Array.from({ length: this.shards }, (_, shard) => this.#head(shard).checkpoint);
  }

  async write({ shard, expected, checkpoint, changes }: ViewBatch): Promise<Written> {
    // Encoded beforehand, because a transaction is not undone by what is thrown in it.
    const encoded = changes.map(viewChange);
    return this.#db.transaction((): Written => {
      const head = this.#head(shard);
      if (head.checkpoint !== expected) return { _tag: 'Unexpected', checkpoint: head.checkpoint };
      const keys = new ViewKeys(shard, head.generation);
      for (const change of encoded) this.#apply(keys, change);
      this.#put(headKey(shard), encodeHead({ ...head, checkpoint }));
      return { _tag: 'Written' };
    });
  }

  async rows(shard: number, refs: readonly SessionRef[]): Promise<readonly (SessionRow | undefined)[]> {
    const { keys } = this.#at(shard);
    return refs.map((ref) => this.#row(keys, ref));
  }

  /** Read in one turn of the event loop, which LMDB answers from one snapshot. */
  async transcript(ref: SessionRef, query: MessageQuery): Promise<TranscriptPage> {
    const { keys, checkpoint } = this.#at(shardOf(ref.session, this.shards));
    return { checkpoint, row: this.#row(keys, ref), messages: this.#messages(keys, ref, query) };
  }

  inbox(query: InboxQuery): Promise<InboxPage> {
    return mergeInbox(query, this.shards, (shard, reads) => {
      const { keys, checkpoint } = this.#at(shard);
      return { checkpoint, entries: reads.map((read) => this.#entries(keys, query.tenant, read)) };
    });
  }

  async due(shards: readonly number[], query: DueQuery): Promise<DuePage> {
    const found = shards.map((shard) => this.#at(shard));
    return {
      checkpoints: found.map(({ checkpoint }) => checkpoint),
      due: mergeDue(
        found.flatMap(({ keys }) => this.#duePlaces(keys, query)),
        query,
      ),
    };
  }

  async clear(shards: readonly number[]): Promise<void> {
    await Promise.all(shards.map((shard) => this.#nextGeneration(shard)));
    for (const shard of shards) await this.#sweep(shard);
  }

  async *dump(shard: number): AsyncGenerator<DumpEntry> {
    yield* dumpViews(this.#db, this.#at(shard).keys);
  }

  #head(shard: number): Head {
    return decodeHead(this.#db.get(headKey(shard)));
  }

  #at(shard: number): { readonly keys: ViewKeys; readonly checkpoint: number } {
    const { generation, checkpoint } = this.#head(shard);
    return { keys: new ViewKeys(shard, generation), checkpoint };
  }

  #row(keys: ViewKeys, ref: SessionRef): SessionRow | undefined {
    const row = this.#db.get(keys.row(ref));
    return row === undefined ? undefined : (JSON.parse(row) as SessionRow);
  }

  #messages(keys: ViewKeys, ref: SessionRef, query: MessageQuery): EncodedMessage[] {
    const first = keys.message(ref, (query.after ?? 0) + 1);
    const past = keys.message(ref, query.before ?? LAST);
    const { limit } = query;
    if (query.after !== undefined)
      return [...this.#db.getRange({ start: first, end: past, limit })].map(encodedMessage);
    const back = { start: past, end: first, reverse: true, exclusiveStart: true, inclusiveEnd: true, limit };
    return [...this.#db.getRange(back)].map(encodedMessage).toReversed();
  }

  #entries(keys: ViewKeys, tenant: string, { list, orderedBy, activeAtMax, limit }: ListRead): Entry[] {
    const entryOf = (place: ViewKey): Entry => {
      const [score, session] = place.slice(-2);
      const ref = { tenant, session: String(session) };
      return { activeAt: Number(score), session: ref.session, row: () => this.#row(keys, ref) };
    };
    if (orderedBy === undefined)
      return [...this.#db.getKeys({ ...keys.back(list, activeAtMax), reverse: true, limit })].map(entryOf);
    // A list without an order holds one visitor's or one assignee's open sessions; their rows know it as well.
    return [...this.#db.getKeys({ ...keys.back(list, LAST), reverse: true })]
      .flatMap((place) => entryOf(place).row() ?? [])
      .filter(({ activeAt }) => activeAt <= activeAtMax)
      .toSorted(newerFirst)
      .slice(0, limit)
      .map((row) => ({ activeAt: row.activeAt, session: row.session, row: () => row }));
  }

  #duePlaces(keys: ViewKeys, { fromMs, untilMs, limit }: DueQuery): DuePlace[] {
    return [...this.#db.getKeys({ ...keys.between(DUE, fromMs, untilMs), limit })].map((place) => {
      const [score, member] = place.slice(-2);
      return { member: String(member), score: Number(score) };
    });
  }

  #apply(keys: ViewKeys, change: ViewChange): void {
    for (const key of change.removed(keys)) void this.#db.remove(key);
    for (const [key, value] of change.put(keys)) this.#put(key, value);
  }

  /** Inside a transaction, whose promise tells of its end. */
  #put(key: ViewKey, value: string): void {
    void this.#db.put(key, value);
  }

  async #nextGeneration(shard: number): Promise<void> {
    await this.#db.transaction(() => {
      const { generation } = this.#head(shard);
      this.#put(headKey(shard), encodeHead({ generation: generation + 1, checkpoint: 0 }));
    });
  }

  async #sweep(shard: number): Promise<void> {
    for (let removed = REMOVE_STEP; removed === REMOVE_STEP; )
      removed = await this.#db.transaction(() => {
        const range = before(shard, this.#head(shard).generation);
        const stale = [...this.#db.getKeys({ ...range, limit: REMOVE_STEP })];
        for (const key of stale) void this.#db.remove(key);
        return stale.length;
      });
  }
}

const encodedMessage = ({ key, value }: { readonly key: ViewKey; readonly value: string }): EncodedMessage => ({
  seq: Number(key.at(-1)),
  json: value,
});
