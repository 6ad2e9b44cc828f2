/** Snapshots in the real stores, beside views, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SnapshotStore } from '../../actors/snapshot-store.ts';
import { LmdbSnapshotStore } from '../../infra/lmdb/snapshot-store.ts';
import { LmdbStore } from '../../infra/lmdb/store.ts';
import { LmdbViewStore } from '../../infra/lmdb/view-store.ts';
import { connectRedis } from '../../infra/redis/connect.ts';
import { RedisSnapshotStore } from '../../infra/redis/snapshot-store.ts';
import { RedisViewStore } from '../../infra/redis/view-store.ts';
import type { ViewStore } from '../../projections/view-store.ts';
import { startRedis } from '../servers/redis.ts';
import { MemorySnapshotStore } from './memory-snapshot-store.ts';
import { MemoryViewStore } from './memory-view-store.ts';

const SHARDS = 4;

/** Stored snapshots, and what can happen to them. */
export interface StoredSnapshots {
  /** A store on these snapshots; every call gives another one. */
  readonly open: () => SnapshotStore;
  /** The views that are kept in the same place. */
  readonly views: ViewStore;
  /** Loses them behind every store's back. */
  readonly lose: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const snapshotsInRedis = async (): Promise<StoredSnapshots> => {
  const server = await startRedis();
  const connections = await Promise.all([1, 2].map(() => connectRedis(server.url, () => undefined)));
  const [one, other] = connections;
  if (one === undefined || other === undefined) throw new Error('two connections');
  let opened = 0;
  return {
    // Two connections in turn, so that two stores do not share a queue.
    open: () => new RedisSnapshotStore((opened++ % 2 === 0 ? one : other).client, SHARDS),
    views: new RedisViewStore(one.client, SHARDS),
    lose: async () => {
      await one.client.flushall();
    },
    close: async () => {
      for (const connection of connections) connection.close();
      await server.stop();
    },
  };
};

export const snapshotsInLmdb = async (): Promise<StoredSnapshots> => {
  const folder = await mkdtemp(join(tmpdir(), 'kefu-snapshots-'));
  const store = await LmdbStore.open({ folder });
  return {
    open: () => new LmdbSnapshotStore(store.root),
    views: new LmdbViewStore(store.root, SHARDS),
    lose: () => store.root.openDB({ name: 'snapshots', encoding: 'string' }).clearAsync(),
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
};

export const snapshotsInMemory = async (): Promise<StoredSnapshots> => {
  const store = new MemorySnapshotStore();
  return {
    open: () => store,
    views: new MemoryViewStore(SHARDS),
    lose: async () => store.saved.clear(),
    close: async () => undefined,
  };
};
