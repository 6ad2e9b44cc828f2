/** Views in trouble: away, or losing what they hold, over a store that is in order. */
import type { ViewBatch, ViewStore, Written } from '../../projections/view-store.ts';

/** Hands everything on. */
class Through implements ViewStore {
  protected readonly store: ViewStore;

  constructor(store: ViewStore) {
    this.store = store;
  }

  get shards(): number {
    return this.store.shards;
  }

  write(batch: ViewBatch): Promise<Written> {
    return this.store.write(batch);
  }

  checkpoints(): Promise<readonly number[]> {
    return this.store.checkpoints();
  }

  rows: ViewStore['rows'] = (shard, refs) => this.store.rows(shard, refs);
  transcript: ViewStore['transcript'] = (ref, query) => this.store.transcript(ref, query);
  inbox: ViewStore['inbox'] = (query) => this.store.inbox(query);
  due: ViewStore['due'] = (shards, query) => this.store.due(shards, query);
  clear: ViewStore['clear'] = (shards) => this.store.clear(shards);
  dump: ViewStore['dump'] = (shard) => this.store.dump(shard);
}

/** A store that cannot be reached at times; a write may have been carried out all the same. */
export class FlakyViews extends Through {
  isAway = false;

  override async write(batch: ViewBatch): Promise<Written> {
    if (this.isAway && batch.shard % 2 === 0) throw away();
    const written = await super.write(batch);
    if (this.isAway) throw away();
    return written;
  }

  override async checkpoints(): Promise<readonly number[]> {
    if (this.isAway) throw away();
    return super.checkpoints();
  }
}

/** A store that loses everything just before some of the writes. */
export class LosingViews extends Through {
  writes = 0;
  atWrites: number[] = [];
  readonly #lose: () => Promise<void>;

  constructor(store: ViewStore, lose: () => Promise<void>) {
    super(store);
    this.#lose = lose;
  }

  override async write(batch: ViewBatch): Promise<Written> {
    this.writes += 1;
    if (this.writes === this.atWrites[0]) {
      this.atWrites = this.atWrites.slice(1);
      await this.#lose();
    }
    return super.write(batch);
  }
}

export const away = (): Error => new Error('the store is away');
