/** One page of the inbox out of many lists: every shard has its own, and they are merged as they are read. */
import { type ListToRead, listsFor } from './orders.ts';
import type { SessionRow } from './session-row.ts';
import { type InboxPage, type InboxQuery, matches } from './view-store.ts';

/** A row's place in the inbox; the row itself is only decoded when it is wanted. */
export interface Entry {
  readonly activeAt: number;
  readonly session: string;
  readonly row: () => SessionRow | undefined;
}

export interface ListRead extends ListToRead {
  /** Only entries at or before this time; those at this very time may have been read already. */
  readonly activeAtMax: number;
  readonly limit: number;
}

export interface ShardRead {
  readonly checkpoint: number;
  /** For every list asked for, its entries, greatest first. */
  readonly entries: readonly (readonly Entry[])[];
}

/** Reads from one shard's lists, all at the same moment. */
export type ReadLists = (shard: number, reads: readonly ListRead[]) => Promise<ShardRead> | ShardRead;

/** Entries read at once from one list, at most. */
const SLICE_MAX = 512;
/** Read from every list beyond its even share of the page. */
const SLICE_SPARE = 4;

interface Place {
  readonly activeAt: number;
  readonly session: string;
}

const comesAfter = (a: Place, b: Place): boolean =>
  a.activeAt < b.activeAt || (a.activeAt === b.activeAt && a.session < b.session);

/** Reads little from every list, and more only from those that the page has used up. */
export const mergeInbox = async (query: InboxQuery, shards: number, read: ReadLists): Promise<InboxPage> => {
  const lists = listsFor(query);
  const sources = Array.from({ length: shards }, (_, shard) =>
    lists.map((list) => new Source(shard, list, query.before, Math.ceil(query.limit / shards) + SLICE_SPARE)),
  );
  const refill = (shard: number): Promise<number> => refillShard(shard, sources[shard] ?? [], read);
  const checkpoints = await Promise.all(sources.map((_, shard) => refill(shard)));
  const all = sources.flat();
  const rows: SessionRow[] = [];
  // A row that moves while the page is read could be met twice.
  const seen = new Set<string>();
  while (rows.length < query.limit) {
    const dry = new Set(all.filter((source) => source.isDry).map(({ shard }) => shard));
    if (dry.size > 0) {
      await Promise.all([...dry].map(refill));
      continue;
    }
    const source = greatest(all);
    const entry = source?.take();
    if (entry === undefined) break;
    if (seen.has(entry.session)) continue;
    seen.add(entry.session);
    const row = entry.row();
    if (row !== undefined && matches(row, query)) rows.push(row);
  }
  return { checkpoints, rows };
};

const refillShard = async (shard: number, sources: readonly Source[], read: ReadLists): Promise<number> => {
  const dry = sources.filter((source) => source.isDry);
  const { checkpoint, entries } = await read(
    shard,
    dry.map((source) => source.next),
  );
  dry.forEach((source, index) => {
    source.fill(entries[index] ?? []);
  });
  return checkpoint;
};

const greatest = (sources: readonly Source[]): Source | undefined => {
  let best: Source | undefined;
  for (const source of sources) {
    if (source.head === undefined) continue;
    if (best?.head === undefined || comesAfter(best.head, source.head)) best = source;
  }
  return best;
};

/** One list of one shard, read slice by slice. */
class Source {
  readonly shard: number;
  readonly #list: ListToRead;
  #last: Place | undefined;
  #limit: number;
  #entries: readonly Entry[] = [];
  #index = 0;
  #isExhausted = false;

  constructor(shard: number, list: ListToRead, last: Place | undefined, limit: number) {
    this.shard = shard;
    this.#list = list;
    this.#last = last;
    this.#limit = limit;
  }

  /** Nothing at hand, though there may be more. */
  get isDry(): boolean {
    return this.#index >= this.#entries.length && !this.#isExhausted;
  }

  get head(): Entry | undefined {
    return this.#entries[this.#index];
  }

  get next(): ListRead {
    return { ...this.#list, activeAtMax: this.#last?.activeAt ?? Number.POSITIVE_INFINITY, limit: this.#limit };
  }

  fill(read: readonly Entry[]): void {
    const last = this.#last;
    const isLast = read.length < this.#limit;
    this.#isExhausted = isLast;
    this.#entries = last === undefined ? read : read.filter((entry) => comesAfter(entry, last));
    this.#index = 0;
    this.#last = this.#entries.at(-1) ?? last;
    // Many rows of one and the same time are skipped in ever greater strides, else in bounded ones.
    this.#limit =
      this.#entries.length === 0 ? this.#limit * 2 : Math.max(this.#limit, Math.min(this.#limit * 2, SLICE_MAX));
  }

  take(): Entry | undefined {
    const entry = this.head;
    this.#index += 1;
    return entry;
  }
}
