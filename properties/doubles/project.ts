/** Projects commits into a store without following a log: what a projector does, one batch after another. */
import { lastSeq, type Stored } from '../../events/commit.ts';
import { shardOf } from '../../events/shard.ts';
import { MessageLines } from '../../projections/message-lines.ts';
import { foldRow } from '../../projections/session-row.ts';
import type { RowChange, ViewStore } from '../../projections/view-store.ts';

/** Writes the batches one by one; what a shard's checkpoint covers already is skipped, as after a restart. */
export const project = async (store: ViewStore, batches: readonly (readonly Stored[])[]): Promise<void> => {
  for (const batch of batches) {
    const checkpoints = await store.checkpoints();
    for (let shard = 0; shard < store.shards; shard += 1) {
      const expected = checkpoints[shard] ?? 0;
      const commits = batch.filter(
        ({ position, commit }) => shardOf(commit.session, store.shards) === shard && position > expected,
      );
      const checkpoint = commits.at(-1)?.position;
      if (checkpoint === undefined) continue;
      const changes = await changesOf(store, shard, commits);
      const written = await store.write({ shard, expected, checkpoint, changes });
      if (written._tag !== 'Written') throw new Error(`shard ${shard} stands at ${written.checkpoint}`);
    }
  }
};

const changesOf = async (store: ViewStore, shard: number, commits: readonly Stored[]): Promise<RowChange[]> => {
  const changes = new Map<string, RowChange>();
  for (const stored of commits) {
    const ref = { tenant: stored.tenant, session: stored.commit.session };
    const key = `${ref.tenant}/${ref.session}`;
    const earlier = changes.get(key);
    const before = earlier === undefined ? (await store.rows(shard, [ref]))[0] : earlier.before;
    const after = foldRow(earlier?.after ?? before, stored);
    if (after.seq !== lastSeq(stored.commit)) throw new Error('a row holds all of its newest commit');
    const messages = (earlier?.messages ?? new MessageLines()).addFrom(stored.commit);
    changes.set(key, { before, after, messages });
  }
  return [...changes.values()];
};
