/** A session's row with a page of its messages. */
import type { EncodedMessage } from '../../projections/encoded-message.ts';
import type { SessionRow } from '../../projections/session-row.ts';
import type { MessageQuery, TranscriptPage } from '../../projections/view-store.ts';
import type { RedisClient } from './connect.ts';
import type { Ref } from './keys.ts';
import { scripts } from './scripts.ts';
import type { Shard } from './shard.ts';

const SEQ_FROM = '{"seq":'.length;
const SEQ_DIGITS_MAX = 16;

/**
 * The newest messages by plain commands, which cost Redis a third of what a script does: Lua copies every text twice. They
 * are sent together and nothing is likely to come between them. Where something has, or where there is no such session,
 * the answer is `undefined`, and only {@link pageAt} can tell.
 */
export const latestPage = async (
  client: RedisClient,
  shard: Shard,
  ref: Ref,
  limit: number,
): Promise<TranscriptPage | undefined> => {
  const { keys, generation } = shard;
  const [head, rowJson, page] = await Promise.all([
    client.get(keys.head),
    client.hget(keys.rows, ref),
    client.lrange(keys.messages(ref), -limit, -1),
  ]);
  const row = decodeRow(rowJson);
  if (head === null || row === undefined || !head.startsWith(`${generation} `)) return undefined;
  const messages = encodedMessages(page);
  const last = messages.at(-1)?.seq ?? 0;
  // A batch written between the commands shows here; row and messages are of the same moment, or are not an answer.
  if (last < (row.lastMessage?.seq ?? 0) || last > row.seq) return undefined;
  return { checkpoint: Number(head.slice(generation.length + 1)), row, messages };
};

/** Any page, at one moment. */
export const pageAt = async (
  shard: Shard,
  ref: Ref,
  { after, before, limit }: MessageQuery,
): Promise<TranscriptPage> => {
  const { checkpoint, parts } = await shard.read(scripts.transcript, (keys, generation) => ({
    keys: 3,
    keysAndArguments: [keys.head, keys.rows, keys.messages(ref), generation, ref, after ?? '', before ?? '', limit],
  }));
  const [row, messages = []] = parts as [(string | null)?, string[]?];
  return { checkpoint, row: decodeRow(row), messages: encodedMessages(messages) };
};

export const decodeRow = (row: string | null | undefined): SessionRow | undefined =>
  row === null || row === undefined ? undefined : (JSON.parse(row) as SessionRow);

const encodedMessages = (messages: readonly string[]): EncodedMessage[] =>
  messages.map((json) => ({ seq: seqOf(json), json }));

/** It stands first, and is not longer than a safe integer. */
const seqOf = (json: string): number => Number.parseInt(json.slice(SEQ_FROM, SEQ_FROM + SEQ_DIGITS_MAX), 10);
