/**
 * Reads a session so that the answer holds at least everything acknowledged before the question: from the view, and what
 * the view does not have yet from the log. A view that lost its memory costs time, never an answer.
 */
import { lastSeq, type Stored } from '../events/commit.ts';
import type { DueQuery, DueSession } from '../events/deadlines.ts';
import type { EventLog } from '../events/event-log.ts';
import type { SessionRef } from '../events/names.ts';
import { encodeMessage } from './encoded-message.ts';
import { type MessagePage, pageOf, within } from './message-page.ts';
import type { Projector } from './projector.ts';
import { foldRow, messagesOf, type SessionRow } from './session-row.ts';
import { Transcripts } from './transcripts.ts';
import type { InboxPage, InboxQuery, MessageQuery, TranscriptPage, ViewStore } from './view-store.ts';

/** What the process that writes a session knows of it, so that most reads need not ask the log. */
export interface Newest {
  /** Position of the session's newest commit. */
  readonly position: number;
  /** Its newest commits without a gap up to that one, oldest first. */
  readonly recent: readonly Stored[];
}

export interface ReaderPorts {
  readonly log: EventLog;
  readonly views: ViewStore;
  readonly projector: Projector;
  /** `undefined` where the session is not in this process's memory. */
  readonly newest: (ref: SessionRef) => Newest | undefined;
  /** The highest position this process knows to be acknowledged. */
  readonly acknowledged: () => number;
  readonly report: (trouble: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** How long a list may wait for the views to hold what was acknowledged before it was asked for, in milliseconds. */
const INBOX_WAIT_MAX_MS = 5_000;

export class Reader {
  readonly #ports: ReaderPorts;
  readonly #transcripts: Transcripts;

  constructor(ports: ReaderPorts) {
    this.#ports = ports;
    this.#transcripts = new Transcripts(ports);
  }

  /** The session as it is, or as it was when its newest fact had the seq `at`; `undefined` where there is none. */
  async session(ref: SessionRef, at?: number): Promise<SessionRow | undefined> {
    const known = this.#ports.newest(ref);
    const { row } = await this.#transcripts.view(ref, { limit: 1 });
    const now = (await this.#tail(ref, row, known)).reduce(foldRow, row);
    if (at === undefined || now === undefined || at >= now.seq) return now;
    let then: SessionRow | undefined;
    for await (const batch of this.#ports.log.read(ref))
      for (const stored of batch) {
        if (stored.commit.seq > at) return then;
        then = foldRow(then, upTo(stored, at));
      }
    return then;
  }

  /** A page of messages, oldest first; `undefined` where there is no such session. */
  async messages(ref: SessionRef, query: MessageQuery): Promise<MessagePage | undefined> {
    const { blocks } = this.#transcripts;
    const known = this.#ports.newest(ref);
    const newest = known?.recent.at(-1);
    const head = newest === undefined ? undefined : lastSeq(newest.commit);
    const asked = head === undefined || query.after !== undefined ? query : { ...query, before: beforeIn(query, head) };
    const page = blocks.page(ref, asked, head);
    if (page !== undefined || known === undefined) return page ?? this.#read(ref, asked, known);
    blocks.goOn(ref, known.recent);
    return blocks.page(ref, asked, head) ?? this.#read(ref, asked, known);
  }

  /** Sessions by newest activity; `undefined` when the views could not catch up in time. */
  async inbox(query: InboxQuery): Promise<InboxPage | undefined> {
    const { projector, views, acknowledged } = this.#ports;
    for (let attempt = 0; attempt < 2; attempt++) {
      if (!(await projector.caughtUp(acknowledged(), INBOX_WAIT_MAX_MS))) return undefined;
      const left = Array.from({ length: views.shards }, (_, shard) => projector.checkpoint(shard));
      const page = await views.inbox(query);
      if (page.checkpoints.every((checkpoint, shard) => checkpoint >= (left[shard] ?? 0))) return page;
      this.#transcripts.recheck();
    }
    return undefined;
  }

  /**
   * Sessions of these shards in which a deadline seems to have passed, earliest first. A view that lags may still name some
   * that have moved on, or not name some yet. Rejects when the views cannot be asked.
   */
  async due(shards: readonly number[], query: DueQuery): Promise<readonly DueSession[]> {
    const { projector, views } = this.#ports;
    const left = shards.map((shard) => projector.checkpoint(shard));
    const page = await views.due(shards, query);
    if (page.checkpoints.some((checkpoint, index) => checkpoint < (left[index] ?? 0))) this.#transcripts.recheck();
    return page.due;
  }

  /** The page from what is stored. */
  async #read(ref: SessionRef, query: MessageQuery, known: Newest | undefined): Promise<MessagePage | undefined> {
    const view = await this.#transcripts.around(ref, query);
    const { row, messages } = view;
    // What lies behind the page cannot change it.
    if (row !== undefined && isSettled(view, query))
      return pageOf({ visitor: row.visitor.id, seq: row.seq }, messages, query);
    const tail = await this.#tail(ref, row, known);
    const now = tail.reduce(foldRow, row);
    if (now === undefined) return undefined;
    // The log has less than was remembered of it.
    if (now.seq < this.#transcripts.blocks.seqOf(ref)) this.#transcripts.forget();
    const all = [...messages, ...tail.flatMap(({ commit }) => messagesOf(commit).map(encodeMessage))];
    return pageOf({ visitor: now.visitor.id, seq: now.seq }, all, query);
  }

  /** What the log has behind a row; from memory, where that reaches back far enough. */
  async #tail(ref: SessionRef, row: SessionRow | undefined, known: Newest | undefined): Promise<readonly Stored[]> {
    const position = row?.position ?? 0;
    if (known !== undefined && known.position <= position) return [];
    const oldest = known?.recent[0];
    if (known !== undefined && oldest !== undefined && oldest.commit.seq <= (row?.seq ?? 0) + 1)
      return known.recent.filter((stored) => stored.position > position);
    const tail: Stored[] = [];
    try {
      for await (const batch of this.#ports.log.read(ref, position)) tail.push(...batch);
    } catch (error) {
      // The log may be out of order, and what was remembered of it be lost.
      this.#transcripts.forget();
      throw error;
    }
    return tail;
  }
}

/** The seq that a page of a session with this newest seq goes back from. */
const beforeIn = ({ before }: MessageQuery, head: number): number =>
  Math.min(before ?? Number.POSITIVE_INFINITY, head + 1);

/** Whether no fact that the view does not have yet can change the page. */
const isSettled = ({ row, messages }: TranscriptPage, query: MessageQuery): boolean => {
  const { after, before, limit } = query;
  if (row === undefined) return false;
  return after === undefined ? before !== undefined && before - 1 <= row.seq : within(messages, query).length > limit;
};

/** The commit without its facts above a seq. */
const upTo = (stored: Stored, seq: number): Stored => {
  const { commit } = stored;
  if (lastSeq(commit) <= seq) return stored;
  const [first, ...rest] = commit.events.slice(0, seq - commit.seq + 1);
  return first === undefined ? stored : { ...stored, commit: { ...commit, events: [first, ...rest] } };
};
