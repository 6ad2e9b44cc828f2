/** Rows, batches and readings that the laws of view stores speak of. */
import { expect } from 'vitest';
import type { HistoryMessage } from '../../events/frames.ts';
import type { Status } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
import { linesOf } from '../../projections/message-lines.ts';
import type { SessionRow } from '../../projections/session-row.ts';
import type { InboxQuery, RowChange, ViewStore } from '../../projections/view-store.ts';

export const sessionsOfDifferentShards = (shards: number): readonly string[] => {
  const found = new Map<number, string>();
  for (let index = 0; found.size < 2; index += 1) found.set(shardOf(`s${index}`, shards), `s${index}`);
  return [...found.values()];
};

interface RowGiven {
  readonly session: string;
  readonly tenant?: string;
  readonly status?: Status;
  readonly assignee?: string;
  readonly visitor?: string;
  readonly activeAt?: number;
}

export const rowOf = ({
  session,
  tenant = 't',
  status = 'queued',
  assignee,
  visitor = 'li',
  activeAt = 4,
}: RowGiven): SessionRow => ({
  tenant,
  session,
  status,
  assignee: assignee ?? null,
  visitor: { id: visitor },
  seq: 9_999,
  position: 1,
  openedAt: 1,
  activeAt,
  unanswered: 0,
  lastMessage: null,
});

export const messageOf = (seq: number): HistoryMessage => ({
  seq,
  messageId: `m${seq}`,
  author: { role: 'visitor', id: 'li' },
  text: `text ${seq}`,
  at: 1_000 + seq,
});

export const change = (after: SessionRow, seqs: readonly number[]): RowChange => ({
  before: undefined,
  after,
  messages: linesOf(seqs.map(messageOf)),
});

export const bySession = (a: SessionRow, b: SessionRow): number => (a.session < b.session ? -1 : 1);

type Filter = Omit<InboxQuery, 'limit'>;

export const combinations = (
  tenant: string,
  status: Status,
  assignee: string | null,
  visitor: string,
): readonly Filter[] =>
  [{}, { status }].flatMap((withStatus) =>
    [{}, ...(assignee === null ? [] : [{ assignee }])].flatMap((withAssignee) =>
      [{}, { visitor }].map((withVisitor) => ({ tenant, ...withStatus, ...withAssignee, ...withVisitor })),
    ),
  );

/** The keys that have a value: an optional key may be absent, but not undefined. */
export type Given<R> = { [K in keyof R]: Exclude<R[K], undefined> };
export const given = <R extends object>(record: R): Given<R> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Given<R>;

export const everyPage = async (store: ViewStore, query: InboxQuery): Promise<SessionRow[]> => {
  const rows: SessionRow[] = [];
  for (;;) {
    const last = rows.at(-1);
    const page = await store.inbox(last === undefined ? query : { ...query, before: last });
    expect(page.rows.length).toBeLessThanOrEqual(query.limit);
    rows.push(...page.rows);
    if (page.rows.length < query.limit) return rows;
  }
};
