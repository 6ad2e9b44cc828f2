import { dueOrderLaws } from './conformance/due-order.ts';
import { viewsInLmdb, viewsInMemory, viewsInRedis } from './doubles/stored-views.ts';

const SHARDS = 4;

dueOrderLaws('memory', SHARDS, () => viewsInMemory(SHARDS));
dueOrderLaws('LMDB', SHARDS, () => viewsInLmdb(SHARDS));
dueOrderLaws('Redis', SHARDS, () => viewsInRedis(SHARDS));
