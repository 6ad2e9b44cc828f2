/** Planted: the checkpoint is written first, and then what it stands for. */
import type { ViewBatch, ViewStore, Written } from '../../../projections/view-store.ts';
import type { PlantedBug } from '../history.ts';

export const checkpointBeforeView: PlantedBug = {
  name: 'a checkpoint that is written before the view',
  law: 'a rebuild gives the live view',
  views: (views) => ({
    shards: views.shards,
    checkpoints: () => views.checkpoints(),
    write: (batch) => checkpointFirst(views, batch),
    rows: (shard, refs) => views.rows(shard, refs),
    transcript: (ref, query) => views.transcript(ref, query),
    inbox: (query) => views.inbox(query),
    due: (shards, query) => views.due(shards, query),
    clear: (shards) => views.clear(shards),
    dump: (shard) => views.dump(shard),
  }),
};

const checkpointFirst = async (views: ViewStore, batch: ViewBatch): Promise<Written> => {
  const { shard, checkpoint } = batch;
  const moved = await views.write({ ...batch, changes: [] });
  if (moved._tag !== 'Written') return moved;
  return views.write({ shard, expected: checkpoint, checkpoint, changes: batch.changes });
};
