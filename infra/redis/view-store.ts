/** The views in Redis or a Redis Cluster. */
import type { HistoryMessage } from '../../events/frames.ts';
import { invariant } from '../../events/invariant.ts';
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
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
import { Shard } from './shard.ts';
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
    const { parts } = await this.#shard(shard).read('kefuRows', (keys, generation) => ({
      keys: 2,
      keysAndArguments: [keys.head, keys.rows, generation, ...refs.map(refOf)],
    }));
    const [rows = []] = parts as [(string | null)[]?];
    return refs.map((_, index) => decodeRow(rows[index]));
  }

  async transcript(ref: SessionRef, { after, before, limit }: MessageQuery): Promise<TranscriptPage> {
    const field = refOf(ref);
    const { checkpoint, parts } = await this.#shard(shardOf(ref.session, this.shards)).read(
      'kefuTranscript',
      (keys, generation) => ({
        keys: 3,
        keysAndArguments: [
          keys.head,
          keys.rows,
          keys.messages(field),
          generation,
          field,
          after ?? '',
          before ?? '',
          limit,
        ],
      }),
    );
    const [row, messages = []] = parts as [(string | null)?, string[]?];
    return { checkpoint, row: decodeRow(row), messages: decodeMessages(messages) };
  }

  inbox(query: InboxQuery): Promise<InboxPage> {
    return mergeInbox(query, this.shards, (shard, reads) => this.#readLists(shard, query.tenant, reads));
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
    const { checkpoint, parts } = await this.#shard(shard).read('kefuLists', (keys, generation) => ({
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

  #shard(number: number): Shard {
    const shard = this.#shards[number];
    invariant(shard !== undefined, 'a shard is one of those the store was made with');
    return shard;
  }
}

const decodeRow = (row: string | null | undefined): SessionRow | undefined =>
  row === null || row === undefined ? undefined : (JSON.parse(row) as SessionRow);

const decodeMessages = (messages: readonly string[]): HistoryMessage[] =>
  JSON.parse(`[${messages.join(',')}]`) as HistoryMessage[];

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
