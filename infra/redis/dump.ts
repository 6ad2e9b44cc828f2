/** Everything a shard holds in Redis, in the form in which stores are compared. */
import type { HistoryMessage } from '../../events/frames.ts';
import type { SessionRow } from '../../projections/session-row.ts';
import {
  byKey,
  type DumpEntry,
  inMessageOrder,
  messageEntry,
  placeEntry,
  rowEntry,
} from '../../projections/view-dump.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';
import { keysOf } from './whole-keyspace.ts';

/** Rows read in one step. */
const ROWS_STEP = 500;

export async function* dumpShard(client: RedisClient, shard: number, keys: Keys): AsyncGenerator<DumpEntry> {
  const uses = (await keysOf(client, shard)).map((key) => keys.read(key)).filter((use) => use !== undefined);
  const places: DumpEntry[] = [];
  for (const use of uses) {
    if (use._tag !== 'List') continue;
    const scores = await client.zrange(keys.list(use.name), '0', '-1', 'WITHSCORES');
    for (let at = 0; at < scores.length; at += 2)
      places.push(placeEntry({ list: use.name, score: Number(scores[at + 1]), member: scores[at] ?? '' }));
  }
  yield* places.toSorted(byKey);
  for (const ref of inMessageOrder(uses.flatMap((use) => (use._tag === 'Messages' ? [use.ref] : [])))) {
    const messages = await client.lrange(keys.messages(ref), 0, -1);
    for (const message of messages) yield messageEntry(ref, JSON.parse(message) as HistoryMessage);
  }
  const refs = (await client.hkeys(keys.rows)).toSorted();
  for (let first = 0; first < refs.length; first += ROWS_STEP) {
    const rows = await client.hmget(keys.rows, ...refs.slice(first, first + ROWS_STEP));
    for (const row of rows) if (row !== null) yield rowEntry(JSON.parse(row) as SessionRow);
  }
}
