/** Work that goes through all keys of the views, on every node once. */
import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './connect.ts';
import { EVERY_KEY, headKey, shardOfKey } from './keys.ts';
import { scripts } from './scripts.ts';

/** Keys the server looks at in one step. */
const SCAN_STEP = 2_000;
/** Keys removed in one step. */
const SWEEP_MAX = 1_000;

/** The views' keys that match, a step at a time; a key may come twice. */
async function* scan(client: RedisClient, pattern: string): AsyncGenerator<readonly string[]> {
  const nodes: readonly Redis[] = client instanceof Cluster ? client.nodes('master') : [client];
  for (const node of nodes) {
    let cursor = '0';
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_STEP);
      cursor = next;
      if (keys.length > 0) yield keys;
    } while (cursor !== '0');
  }
}

/** Removes all that the given shards hold beside their present generation. */
export const sweep = async (client: RedisClient, shards: ReadonlySet<number>): Promise<void> => {
  for await (const keys of scan(client, EVERY_KEY)) {
    const byShard = new Map<number, string[]>();
    for (const key of keys) {
      const shard = shardOfKey(key);
      if (shard === undefined || !shards.has(shard) || key === headKey(shard)) continue;
      const list = byShard.get(shard);
      if (list === undefined) byShard.set(shard, [key]);
      else list.push(key);
    }
    await Promise.all([...byShard].map(([shard, stale]) => sweepShard(client, shard, stale)));
  }
};

const sweepShard = async (client: RedisClient, shard: number, keys: readonly string[]): Promise<void> => {
  for (let first = 0; first < keys.length; first += SWEEP_MAX) {
    const some = keys.slice(first, first + SWEEP_MAX);
    await scripts.sweep.run(client, some.length + 1, [headKey(shard), ...some]);
  }
};

/** All keys of one shard, each once, sorted. */
export const keysOf = async (client: RedisClient, shard: number): Promise<readonly string[]> => {
  const found = new Set<string>();
  for await (const keys of scan(client, `${headKey(shard)}:*`)) for (const key of keys) found.add(key);
  return [...found].toSorted();
};
