/** The views in Redis or a Redis Cluster. */
import type { DueQuery } from '../../events/deadlines.ts';
import { invariant } from '../../events/invariant.ts';
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
import { DUE, type DuePage, type DuePlace, mergeDue } from '../../projections/due.ts';
import { type Entry, type ListRead, mergeInbox, type ShardRead } from '../../projections/inbox-merge.ts';
import type { SessionRow } from '../../projections/session-row.ts';
import type { DumpEntry } from '../../projections/view-dump.ts';
import type {
  InboxPage,
  InboxQuery,
  MessageQuery,
  TranscriptPage,
  ViewBatch,
  ViewStore,
  Written,
} from '../../projections/view-store.ts';
import type { RedisClient } from './connect.ts';
import { dumpShard } from './dump.ts';
import { headKey, refOf } from './keys.ts';
import { scripts } from './scripts.ts';
import { Shard } from './shard.ts';
import { decodeRow, latestPage, pageAt } from './transcript.ts';
import { sweep } from './whole-keyspace.ts';
import { writeArguments } from './write-batch.ts';

/** The store does not own the client: whoever opened it closes it. Rejects when there is no connection. */
export class RedisViewStore implements ViewStore {
  readonly shards: number;
  readonly #client: RedisClient;
  readonly #shards: readonly Shard[];

  constructor(client: RedisClient, shards: number) {
    this.shards = shards;
    this.#client = client;
    this.#shards = Array.from({ length: shards }, (_, number) => new Shard(number, client));
  }

  checkpoints(): Promise<readonly number[]> {
    return Promise.all(this.#shards.map((shard) => shard.checkpoint()));
  }

  async write(batch: ViewBatch): Promise<Written> {
    const found = await this.#shard(batch.shard).write(batch.expected, (keys, generation) =>
      writeArguments(batch, keys, generation),
    );
    return found === undefined ? { _tag: 'Written' } : { _tag: 'Unexpected', checkpoint: found };
  }

  async rows(shard: number, refs: readonly SessionRef[]): Promise<readonly (SessionRow | undefined)[]> {
    if (refs.length === 0) return [];
    const { parts } = await this.#shard(shard).read(scripts.rows, (keys, generation) => ({
      keys: 2,
      keysAndArguments: [keys.head, keys.rows, generation, ...refs.map(refOf)],
    }));
    const [rows = []] = parts as [(string | null)[]?];
    return refs.map((_, index) => decodeRow(rows[index]));
  }

  async transcript(ref: SessionRef, query: MessageQuery): Promise<TranscriptPage> {
    const shard = this.#shard(shardOf(ref.session, this.shards));
    const isLatest = query.after === undefined && query.before === undefined && query.limit > 0;
    const latest = isLatest ? await latestPage(this.#client, shard, refOf(ref), query.limit) : undefined;
    return latest ?? pageAt(shard, refOf(ref), query);
  }

  inbox(query: InboxQuery): Promise<InboxPage> {
    return mergeInbox(query, this.shards, (shard, reads) => this.#readLists(shard, query.tenant, reads));
  }

  async due(shards: readonly number[], query: DueQuery): Promise<DuePage> {
    const read = await Promise.all(shards.map((shard) => this.#readDue(shard, query)));
    return {
      checkpoints: read.map(({ checkpoint }) => checkpoint),
      due: mergeDue(
        read.flatMap(({ places }) => places),
        query,
      ),
    };
  }

  async clear(shards: readonly number[]): Promise<void> {
    if (shards.length === 0) return;
    // Without its head a shard is empty for everyone; what is removed after that is only space.
    await Promise.all(shards.map((shard) => this.#client.unlink(headKey(shard))));
    await sweep(this.#client, new Set(shards));
  }

  async *dump(shard: number): AsyncGenerator<DumpEntry> {
    const one = this.#shard(shard);
    await one.checkpoint();
    yield* dumpShard(this.#client, shard, one.keys);
  }

  async #readLists(shard: number, tenant: string, reads: readonly ListRead[]): Promise<ShardRead> {
    const { checkpoint, parts } = await this.#shard(shard).read(scripts.lists, (keys, generation) => ({
      keys: 2 + 2 * reads.length,
      keysAndArguments: [
        keys.head,
        keys.rows,
        ...reads.flatMap(({ list, orderedBy = list }) => [keys.list(list), keys.list(orderedBy)]),
        generation,
        ...reads.flatMap(({ activeAtMax, limit }) => [activeAtMax === Infinity ? '+inf' : activeAtMax, limit]),
        tenant,
      ],
    }));
    const lists = parts as readonly (readonly (string | null)[])[];
    return {
      checkpoint,
      entries: reads.map((_, index) => entriesOf(lists[2 * index] ?? [], lists[2 * index + 1] ?? [])),
    };
  }

  async #readDue(
    shard: number,
    { fromMs, untilMs, limit }: DueQuery,
  ): Promise<{ readonly checkpoint: number; readonly places: readonly DuePlace[] }> {
    const { checkpoint, parts } = await this.#shard(shard).read(scripts.due, (keys, generation) => ({
      keys: 2,
      keysAndArguments: [keys.head, keys.list(DUE), generation, fromMs, untilMs, limit],
    }));
    const [found = []] = parts as [string[]?];
    const places = found.flatMap((member, at) => (at % 2 === 0 ? [{ member, score: Number(found[at + 1]) }] : []));
    return { checkpoint, places };
  }

  #shard(number: number): Shard {
    const shard = this.#shards[number];
    invariant(shard !== undefined, 'a shard is one of those the store was made with');
    return shard;
  }
}

/** `places` alternates session and score. */
const entriesOf = (places: readonly (string | null)[], rows: readonly (string | null)[]): Entry[] =>
  rows.flatMap((row, index) =>
    row === null
      ? []
      : [
          {
            session: places[2 * index] ?? '',
            activeAt: Number(places[2 * index + 1]),
            row: () => JSON.parse(row) as SessionRow,
          },
        ],
  );
