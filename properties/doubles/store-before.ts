/** A store of views before another one, which it passes everything on to: for tests that get in between. */
import type { ViewBatch, ViewStore, Written } from '../../projections/view-store.ts';

export class StoreBefore implements ViewStore {
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
