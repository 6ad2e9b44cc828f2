/** What was read in the course of a history, to be held against the log when it is over. */
import { isDeepStrictEqual } from 'node:util';
import { lastSeq, type Stored } from '../../events/commit.ts';
import type { SessionRef } from '../../events/names.ts';
import type { MessagePage } from '../../projections/reader.ts';
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
  if (query === undefined || page === undefined) return undefined;
  const all = past.flatMap(({ commit }) => messagesOf(commit));
  const { after, before, limit } = query;
  const within = all.filter(({ seq }) => seq > (after ?? 0) && seq < (before ?? Number.POSITIVE_INFINITY));
  const wanted = after === undefined ? within.slice(-limit) : within.slice(0, limit);
  if (!isDeepStrictEqual(wanted, page.messages))
    return `${servedBy} gave messages ${seqs(page.messages)} of ${seqs(all)} for ${JSON.stringify(query)}`;
  const edge = after === undefined ? wanted[0] : wanted.at(-1);
  const next = within.length > limit ? (edge?.seq ?? null) : null;
  return page.next === next ? undefined : `${servedBy} says next ${page.next} instead of ${next}`;
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

const seqs = (messages: readonly { readonly seq: number }[]): string => messages.map(({ seq }) => seq).join(' ');
