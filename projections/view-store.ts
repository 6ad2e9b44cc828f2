/**
 * The port of the read side: per shard a checkpoint, the sessions' rows with the orders they are listed in, and their
 * messages. Adapters in `infra/`, their common laws in `properties/`.
 */
import type { DueQuery } from '../events/deadlines.ts';
import type { SessionRef, Status } from '../events/names.ts';
import type { DuePage } from './due.ts';
import type { EncodedMessage } from './encoded-message.ts';
import type { MessageLines } from './message-lines.ts';
import type { SessionRow } from './session-row.ts';

/** What one step of a projection changes in a shard. Written whole or not at all. */
export interface ViewBatch {
  readonly shard: number;
  /** The checkpoint the batch rests on; 0 for a shard without one. */
  readonly expected: number;
  /** The checkpoint after it: the position of the last commit in it. */
  readonly checkpoint: number;
  readonly changes: readonly RowChange[];
}

export interface RowChange {
  /** The row as the store has it, `undefined` for a new session. */
  readonly before: SessionRow | undefined;
  readonly after: SessionRow;
  /** New messages, by seq. */
  readonly messages: MessageLines;
}

export type Written =
  | { readonly _tag: 'Written' }
  /** The store does not stand where the batch expected: it was emptied, failed over, or another projector has written. */
  | { readonly _tag: 'Unexpected'; readonly checkpoint: number };

export interface MessageQuery {
  /** Only messages with a greater seq, from there on. */
  readonly after?: number;
  /** Only messages with a smaller seq, back from there. With neither: the latest. */
  readonly before?: number;
  readonly limit: number;
}

export interface TranscriptPage {
  /** The shard's checkpoint at the moment of reading, 0 where it has none. */
  readonly checkpoint: number;
  readonly row: SessionRow | undefined;
  /** By seq, oldest first. */
  readonly messages: readonly EncodedMessage[];
}

export interface InboxQuery {
  readonly tenant: string;
  readonly status?: Status;
  readonly assignee?: string;
  readonly visitor?: string;
  readonly limit: number;
  /** Only rows that come after this one in the order. */
  readonly before?: { readonly activeAt: number; readonly session: string };
}

export interface InboxPage {
  /** Checkpoints of all shards at the moment of reading, by shard number, 0 where there is none. */
  readonly checkpoints: readonly number[];
  /** Newest activity first; among equals the greater session id first. */
  readonly rows: readonly SessionRow[];
}

export interface ViewStore {
  readonly shards: number;
  checkpoints(): Promise<readonly number[]>;
  write(batch: ViewBatch): Promise<Written>;
  rows(shard: number, refs: readonly SessionRef[]): Promise<readonly (SessionRow | undefined)[]>;
  transcript(ref: SessionRef, query: MessageQuery): Promise<TranscriptPage>;
  inbox(query: InboxQuery): Promise<InboxPage>;
  /** Sessions of these shards that are worth a look, earliest first. */
  due(shards: readonly number[], query: DueQuery): Promise<DuePage>;
  /** Forgets whole shards: rows, orders, messages and checkpoints. */
  clear(shards: readonly number[]): Promise<void>;
  /** Everything a shard holds, sorted by key, for comparison with a rebuild. */
  dump(shard: number): AsyncIterable<readonly [key: string, value: string]>;
}

/** The order of the inbox. */
export const newerFirst = (a: SessionRow, b: SessionRow): number =>
  b.activeAt - a.activeAt || (a.session < b.session ? 1 : a.session > b.session ? -1 : 0);

export const matches = (row: SessionRow, query: InboxQuery): boolean =>
  row.tenant === query.tenant &&
  (query.status === undefined || row.status === query.status) &&
  (query.assignee === undefined || row.assignee === query.assignee) &&
  (query.visitor === undefined || row.visitor.id === query.visitor);
