/** The views as plain maps: what the port means, without any of the cleverness that the real stores need. */
import type { DueQuery } from '../../events/deadlines.ts';
import type { HistoryMessage } from '../../events/frames.ts';
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
import { DUE, type DuePage, mergeDue } from '../../projections/due.ts';
import { encodeMessage } from '../../projections/encoded-message.ts';
import { eachLine } from '../../projections/message-lines.ts';
import { placesOf } from '../../projections/orders.ts';
import type { SessionRow } from '../../projections/session-row.ts';
import {
  byKey,
  type DumpEntry,
  inMessageOrder,
  messageEntry,
  placeEntry,
  rowEntry,
} from '../../projections/view-dump.ts';
import {
  type InboxPage,
  type InboxQuery,
  type MessageQuery,
  matches,
  newerFirst,
  type TranscriptPage,
  type ViewBatch,
  type ViewStore,
  type Written,
} from '../../projections/view-store.ts';

interface Shard {
  checkpoint: number;
  readonly rows: Map<string, SessionRow>;
  readonly messages: Map<string, HistoryMessage[]>;
}

const refOf = ({ tenant, session }: SessionRef): string => `${tenant}/${session}`;
const emptyShard = (): Shard => ({ checkpoint: 0, rows: new Map(), messages: new Map() });

export class MemoryViewStore implements ViewStore {
  readonly shards: number;
  readonly #shards: Shard[];

  constructor(shards: number) {
    this.shards = shards;
    this.#shards = Array.from({ length: shards }, emptyShard);
  }

  async checkpoints(): Promise<readonly number[]> {
    return this.#shards.map(({ checkpoint }) => checkpoint);
  }

  async write({ shard, expected, checkpoint, changes }: ViewBatch): Promise<Written> {
    const views = this.#shard(shard);
    if (views.checkpoint !== expected) return { _tag: 'Unexpected', checkpoint: views.checkpoint };
    for (const { after, messages } of changes) {
      const ref = refOf(after);
      views.rows.set(ref, structuredClone(after));
      const added = Array.from(eachLine(messages), ({ json }) => JSON.parse(json) as HistoryMessage);
      views.messages.set(ref, [...(views.messages.get(ref) ?? []), ...added]);
    }
    views.checkpoint = checkpoint;
    return { _tag: 'Written' };
  }

  async rows(shard: number, refs: readonly SessionRef[]): Promise<readonly (SessionRow | undefined)[]> {
    return refs.map((ref) => this.#shard(shard).rows.get(refOf(ref)));
  }

  async transcript(ref: SessionRef, { after, before, limit }: MessageQuery): Promise<TranscriptPage> {
    const { checkpoint, rows, messages } = this.#shard(shardOf(ref.session, this.shards));
    const within = (messages.get(refOf(ref)) ?? []).filter(
      ({ seq }) => (after === undefined || seq > after) && (before === undefined || seq < before),
    );
    const page = after === undefined ? within.slice(Math.max(0, within.length - limit)) : within.slice(0, limit);
    return { checkpoint, row: rows.get(refOf(ref)), messages: page.map(encodeMessage) };
  }

  async inbox(query: InboxQuery): Promise<InboxPage> {
    const { before } = query;
    const rows = this.#shards
      .flatMap((shard) => [...shard.rows.values()])
      .filter((row) => matches(row, query))
      .filter((row) => before === undefined || newerFirst({ ...row, ...before }, row) < 0)
      .toSorted(newerFirst)
      .slice(0, query.limit);
    return { checkpoints: await this.checkpoints(), rows };
  }

  async due(shards: readonly number[], query: DueQuery): Promise<DuePage> {
    const places = shards
      .flatMap((shard) => [...this.#shard(shard).rows.values()].flatMap(placesOf))
      .filter(({ list, score }) => list === DUE && score >= query.fromMs && score <= query.untilMs);
    return {
      checkpoints: shards.map((shard) => this.#shard(shard).checkpoint),
      due: mergeDue(places, query),
    };
  }

  async clear(shards: readonly number[]): Promise<void> {
    for (const shard of shards) this.#shards[shard] = emptyShard();
  }

  async *dump(shard: number): AsyncGenerator<DumpEntry> {
    const { rows, messages } = this.#shard(shard);
    const all = [...rows.values()];
    yield* all.flatMap((row) => placesOf(row).map(placeEntry)).toSorted(byKey);
    for (const ref of inMessageOrder([...messages.keys()]))
      for (const message of messages.get(ref) ?? []) yield messageEntry(ref, message);
    yield* all.map(rowEntry).toSorted(byKey);
  }

  #shard(shard: number): Shard {
    const views = this.#shards[shard];
    if (views === undefined) throw new Error(`there is no shard ${shard}`);
    return views;
  }
}
