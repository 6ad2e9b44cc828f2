/** Writes the same changes into several view stores, as a projector would: by shard, each on the checkpoint before. */
import type { HistoryMessage } from '../../events/frames.ts';
import { shardOf } from '../../events/shard.ts';
import { MessageLines } from '../../projections/message-lines.ts';
import type { SessionRow } from '../../projections/session-row.ts';
import type { RowChange, ViewStore } from '../../projections/view-store.ts';

export interface Step {
  readonly after: SessionRow;
  readonly messages: readonly HistoryMessage[];
}

export class ViewWriter {
  readonly #stores: readonly ViewStore[];
  readonly #rows = new Map<string, SessionRow>();
  readonly #checkpoints = new Map<number, number>();

  /** The stores must be empty in every shard that is written to. */
  constructor(stores: readonly ViewStore[]) {
    this.#stores = stores;
  }

  /** One batch per shard; of several steps of one session the last row counts. */
  async write(steps: readonly Step[]): Promise<void> {
    const shards = this.#stores[0]?.shards ?? 1;
    const byShard = new Map<number, Map<string, RowChange>>();
    for (const { after, messages } of steps) {
      const shard = shardOf(after.session, shards);
      const changes = byShard.get(shard) ?? new Map<string, RowChange>();
      byShard.set(shard, changes);
      const ref = `${after.tenant}/${after.session}`;
      const lines = changes.get(ref)?.messages ?? new MessageLines();
      for (const message of messages) lines.add(message);
      changes.set(ref, { before: this.#rows.get(ref), after, messages: lines });
    }
    for (const [shard, changes] of byShard) await this.#writeShard(shard, [...changes.values()]);
  }

  async #writeShard(shard: number, changes: readonly RowChange[]): Promise<void> {
    const expected = this.#checkpoints.get(shard) ?? 0;
    const checkpoint = expected + 1;
    for (const store of this.#stores) {
      const written = await store.write({ shard, expected, checkpoint, changes });
      if (written._tag !== 'Written')
        throw new Error(`shard ${shard} stands at ${written.checkpoint}, not ${expected}`);
    }
    this.#checkpoints.set(shard, checkpoint);
    for (const { after } of changes) this.#rows.set(`${after.tenant}/${after.session}`, after);
  }
}

/** Everything the store holds, or everything in the given shards. */
export const dumpOf = async (
  store: ViewStore,
  shards: readonly number[] = Array.from({ length: store.shards }, (_, shard) => shard),
): Promise<readonly (readonly [number, string, string])[]> => {
  const entries: (readonly [number, string, string])[] = [];
  for (const shard of shards) for await (const [key, value] of store.dump(shard)) entries.push([shard, key, value]);
  return entries;
};
