/** What was read in the course of a history, to be held against the log when it is over. */
import { isDeepStrictEqual } from 'node:util';
import { lastSeq, type Stored } from '../../events/commit.ts';
import { bytesOf } from '../../events/encoding/utf8.ts';
import type { SessionRef } from '../../events/names.ts';
import { encodePage, type MessagePage } from '../../projections/message-page.ts';
import { foldRow, messagesOf, type SessionRow } from '../../projections/session-row.ts';
import type { MessageQuery } from '../../projections/view-store.ts';

export interface ReadWitness {
  readonly ref: SessionRef;
  readonly client: string;
  readonly servedBy: string;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly mayBeOld: boolean;
  readonly row: SessionRow | undefined;
  readonly query?: MessageQuery;
  readonly page?: MessagePage;
  /** Asked for as it was at this seq. */
  readonly asOf?: number;
}

/** The inbox as it was given, with the shards that the process served all the while. */
export interface InboxWitness {
  readonly servedBy: string;
  readonly sentAt: number;
  readonly shards: ReadonlySet<number>;
  readonly rows: readonly SessionRow[];
}

/** Why the answer is none that the log could have given at its seq; `undefined` when it is. */
export const wrongRead = (read: ReadWitness, log: readonly Stored[]): string | undefined => {
  const { row, query, page, servedBy, asOf } = read;
  if (query !== undefined && page !== undefined) return wrongPage(query, page, servedBy, log);
  if (row === undefined) return undefined;
  // Asked for a seq that the session did not have yet, it is the session as it is.
  if (asOf !== undefined && row.seq === asOf) return wrongThen(row, servedBy, log);
  const past = log.filter(({ commit }) => commit.seq <= row.seq);
  const last = past.at(-1);
  if (last !== undefined && lastSeq(last.commit) !== row.seq)
    return `${servedBy} gave a session at seq ${row.seq}, in the middle of a commit`;
  const expected = past.reduce<SessionRow | undefined>(foldRow, undefined);
  if (!isDeepStrictEqual(expected, row))
    return `${servedBy} gave ${JSON.stringify(row)} instead of ${JSON.stringify(expected)}`;
  return undefined;
};

/** A page is judged by what its reader gets. */
const wrongPage = (
  query: MessageQuery,
  page: MessagePage,
  servedBy: string,
  log: readonly Stored[],
): string | undefined => {
  const given: unknown = JSON.parse(bytesOf(encodePage(page)).toString());
  const expected = pageIn(log, query, page.seq);
  if (!isDeepStrictEqual(expected, given))
    return `${servedBy} gave ${JSON.stringify(given)} for ${JSON.stringify(query)} up to seq ${page.seq} instead of ${JSON.stringify(expected)}`;
  const visitor = log.reduce<SessionRow | undefined>(foldRow, undefined)?.visitor.id;
  return page.visitor === visitor ? undefined : `${servedBy} says that ${page.visitor} is the visitor, not ${visitor}`;
};

/** Whether the session as it is in the end would still give the page: then nothing that it could have had is missing in it. */
export const isLasting = ({ query, page }: ReadWitness, log: readonly Stored[]): boolean =>
  query !== undefined &&
  page !== undefined &&
  isDeepStrictEqual(pageIn(log, query, Number.POSITIVE_INFINITY), JSON.parse(bytesOf(encodePage(page)).toString()));

/** The page of a session of which nothing is known behind a seq. */
const pageIn = (log: readonly Stored[], { after, before, limit }: MessageQuery, upTo: number): unknown => {
  const all = log.flatMap(({ commit }) => messagesOf(commit)).filter(({ seq }) => seq <= upTo);
  const within = all.filter(({ seq }) => seq > (after ?? 0) && seq < (before ?? Number.POSITIVE_INFINITY));
  const messages = after === undefined ? within.slice(-limit) : within.slice(0, limit);
  const edge = after === undefined ? messages[0] : messages.at(-1);
  return { messages, next: within.length > limit ? (edge?.seq ?? null) : null };
};

/** A row as of a seq, perhaps in the middle of a commit. */
const wrongThen = (row: SessionRow, servedBy: string, log: readonly Stored[]): string | undefined => {
  const expected = log.reduce<SessionRow | undefined>((each, stored) => {
    const { commit } = stored;
    const [first, ...rest] = commit.events.slice(0, Math.max(0, row.seq - commit.seq + 1));
    return first === undefined ? each : foldRow(each, { ...stored, commit: { ...commit, events: [first, ...rest] } });
  }, undefined);
  if (isDeepStrictEqual(expected, row)) return undefined;
  return `${servedBy} gave ${JSON.stringify(row)} as of ${row.seq} instead of ${JSON.stringify(expected)}`;
};
