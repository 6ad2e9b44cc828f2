/** Views in the real stores, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { LmdbViewStore } from '../../infra/lmdb/view-store.ts';
import { connectRedis } from '../../infra/redis/connect.ts';
import { RedisViewStore } from '../../infra/redis/view-store.ts';
import type { ViewStore } from '../../projections/view-store.ts';
import { startRedis } from '../servers/redis.ts';
import { MemoryViewStore } from './memory-view-store.ts';

/** Stored views, and what can happen to them. */
export interface StoredViews {
  /** A store on these views; every call gives another one. */
  readonly open: () => ViewStore;
  /** Empties them behind every store's back. */
  readonly lose: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const viewsInRedis = async (shards: number): Promise<StoredViews> => {
  const server = await startRedis();
  const connections = await Promise.all([1, 2].map(() => connectRedis(server.url, () => undefined)));
  let opened = 0;
  return {
    // Two connections in turn, so that two stores do not share a queue.
    open: () => {
      const connection = connections[opened++ % connections.length];
      if (connection === undefined) throw new Error('no connection');
      return new RedisViewStore(connection.client, shards);
    },
    lose: async () => {
      await connections[0]?.client.flushall();
    },
    close: async () => {
      for (const connection of connections) connection.close();
      await server.stop();
    },
  };
};

export const viewsInLmdb = async (shards: number): Promise<StoredViews> => {
  const folder = await mkdtemp(join(tmpdir(), 'kefu-views-'));
  const root = open({ path: folder });
  return {
    open: () => new LmdbViewStore(root, shards),
    lose: () => root.openDB({ name: 'views', encoding: 'string' }).clearAsync(),
    close: async () => {
      await root.close();
      await rm(folder, { recursive: true });
    },
  };
};

export const viewsInMemory = async (shards: number): Promise<StoredViews> => {
  const store = new MemoryViewStore(shards);
  const everyShard = Array.from({ length: shards }, (_, shard) => shard);
  return { open: () => store, lose: () => store.clear(everyShard), close: async () => undefined };
};
