/** Views in the real stores, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, Redis } from 'ioredis';
import { open } from 'lmdb';
import { LmdbViewStore } from '../../infra/lmdb/view-store.ts';
import { connectRedis, type RedisConnection } from '../../infra/redis/connect.ts';
import { RedisViewStore } from '../../infra/redis/view-store.ts';
import type { ViewStore } from '../../projections/view-store.ts';
import { type RedisServer, startRedis } from '../servers/redis.ts';
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
  return overConnections(shards, server.url, () => server.stop());
};

/** Two nodes, each with half of the slots. */
export const viewsInRedisCluster = async (shards: number): Promise<StoredViews> => {
  const servers = await Promise.all([1, 2].map(() => startRedis({ args: ['--cluster-enabled', 'yes'] })));
  await joinCluster(servers);
  const stopAll = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  return overConnections(shards, servers.map(({ url }) => url).join(','), stopAll);
};

const overConnections = async (shards: number, urls: string, stop: () => Promise<void>): Promise<StoredViews> => {
  const connect = (): Promise<RedisConnection> => connectRedis(urls, () => undefined);
  const [one, other] = await Promise.all([connect(), connect()]);
  let opened = 0;
  return {
    // Two connections in turn, so that two stores do not share a queue.
    open: () => new RedisViewStore((opened++ % 2 === 0 ? one : other).client, shards),
    lose: async () => {
      const nodes: readonly Redis[] = one.client instanceof Cluster ? one.client.nodes('master') : [one.client];
      await Promise.all(nodes.map((node) => node.flushall()));
    },
    close: async () => {
      one.close();
      other.close();
      await stop();
    },
  };
};

const SLOTS = 16_384;

const joinCluster = async (servers: readonly RedisServer[]): Promise<void> => {
  const nodes = servers.map(({ url }) => new Redis(url));
  const share = SLOTS / nodes.length;
  await Promise.all(nodes.map((node, index) => node.cluster('ADDSLOTSRANGE', index * share, (index + 1) * share - 1)));
  // Without epochs of their own two new nodes settle the matter between them, which takes a while.
  await Promise.all(nodes.map((node, index) => node.cluster('SET-CONFIG-EPOCH', index + 1)));
  for (const { port } of servers) await nodes[0]?.cluster('MEET', '127.0.0.1', port);
  const isJoined = async (node: Redis): Promise<boolean> => {
    const info = String(await node.cluster('INFO'));
    return info.includes('cluster_state:ok') && info.includes(`cluster_size:${nodes.length}`);
  };
  while (!(await Promise.all(nodes.map(isJoined))).every(Boolean))
    await new Promise((resolve) => setTimeout(resolve, 50));
  for (const node of nodes) node.disconnect();
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
