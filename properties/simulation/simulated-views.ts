/** The view store as processes reach it: slow, failing, losing answers, and emptied behind everybody's back. */
import type { DueQuery } from '../../events/deadlines.ts';
import type { SessionRef } from '../../events/names.ts';
import type { DuePage } from '../../projections/due.ts';
import type { SessionRow } from '../../projections/session-row.ts';
import type {
  InboxPage,
  InboxQuery,
  MessageQuery,
  TranscriptPage,
  ViewBatch,
  ViewStore,
  Written,
} from '../../projections/view-store.ts';
import { MemoryViewStore } from '../doubles/memory-view-store.ts';
import { InjectedFault } from './faults.ts';
import type { Ground } from './ground.ts';
import type { Owner } from './scheduler.ts';

const SLOW_MS_MAX = 2_000;

export class SimulatedViews {
  readonly store: WatchedViewStore;
  readonly #ground: Ground;

  constructor(shards: number, ground: Ground) {
    this.store = new WatchedViewStore(shards);
    this.#ground = ground;
  }

  connect(owner: Owner): ViewStore {
    return new ViewsConnection(this.store, this.#ground, owner);
  }

  async empty(): Promise<void> {
    await this.store.clear(Array.from({ length: this.store.shards }, (_, shard) => shard));
  }
}

/** Says at any moment how far it is. */
class WatchedViewStore extends MemoryViewStore {
  readonly reached = new Map<number, number>();

  override async write(batch: ViewBatch): Promise<Written> {
    const written = await super.write(batch);
    if (written._tag === 'Written') this.reached.set(batch.shard, batch.checkpoint);
    return written;
  }

  override async clear(shards: readonly number[]): Promise<void> {
    await super.clear(shards);
    for (const shard of shards) this.reached.delete(shard);
  }
}

class ViewsConnection implements ViewStore {
  readonly #store: MemoryViewStore;
  readonly #ground: Ground;
  readonly #owner: Owner;

  constructor(store: MemoryViewStore, ground: Ground, owner: Owner) {
    this.#store = store;
    this.#ground = ground;
    this.#owner = owner;
  }

  get shards(): number {
    return this.#store.shards;
  }

  checkpoints(): Promise<readonly number[]> {
    return this.#call(() => this.#store.checkpoints());
  }

  write(batch: ViewBatch): Promise<Written> {
    return this.#call(() => this.#store.write(batch));
  }

  rows(shard: number, refs: readonly SessionRef[]): Promise<readonly (SessionRow | undefined)[]> {
    return this.#call(() => this.#store.rows(shard, refs));
  }

  transcript(ref: SessionRef, query: MessageQuery): Promise<TranscriptPage> {
    return this.#call(() => this.#store.transcript(ref, query));
  }

  inbox(query: InboxQuery): Promise<InboxPage> {
    return this.#call(() => this.#store.inbox(query));
  }

  due(shards: readonly number[], query: DueQuery): Promise<DuePage> {
    return this.#call(() => this.#store.due(shards, query));
  }

  clear(shards: readonly number[]): Promise<void> {
    return this.#call(() => this.#store.clear(shards));
  }

  dump(shard: number): AsyncIterable<readonly [key: string, value: string]> {
    return this.#store.dump(shard);
  }

  async #call<A>(work: () => Promise<A>): Promise<A> {
    const { scheduler, faults, dice } = this.#ground;
    if (faults.strikes('slow view store')) await scheduler.sleep(this.#owner, dice.between(20, SLOW_MS_MAX));
    await scheduler.turn(this.#owner);
    if (faults.strikes('failed view store')) throw new InjectedFault('the views cannot be reached');
    const result = await work();
    await scheduler.turn(this.#owner);
    if (faults.strikes('lost answer of the view store')) throw new InjectedFault('the views do not answer');
    return result;
  }
}
