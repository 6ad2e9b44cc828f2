import { viewStoreLaws } from './conformance/view-store.ts';
import { viewsInLmdb, viewsInMemory, viewsInRedis, viewsInRedisCluster } from './doubles/stored-views.ts';

const SHARDS = 4;

viewStoreLaws('memory', SHARDS, () => viewsInMemory(SHARDS));
viewStoreLaws('LMDB', SHARDS, () => viewsInLmdb(SHARDS));
viewStoreLaws('Redis', SHARDS, () => viewsInRedis(SHARDS));
viewStoreLaws('a Redis Cluster', SHARDS, () => viewsInRedisCluster(SHARDS));
