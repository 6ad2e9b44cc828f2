/**
 * Reads a session so that the answer holds at least everything acknowledged before the question: from the view, and what
 * the view does not have yet from the log. A view that lost its memory costs time, never an answer.
 */
import { lastSeq, type Stored } from '../events/commit.ts';
import type { DueQuery, DueSession } from '../events/deadlines.ts';
import type { EventLog } from '../events/event-log.ts';
import type { HistoryMessage } from '../events/frames.ts';
import type { SessionRef } from '../events/names.ts';
import { shardOf } from '../events/shard.ts';
import type { Projector } from './projector.ts';
import { foldRow, messagesOf, type SessionRow } from './session-row.ts';
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

export interface MessagePage {
  readonly row: SessionRow;
  readonly messages: readonly HistoryMessage[];
  /** The seq to go on from in the direction asked, `null` where there is nothing more. */
  readonly next: number | null;
}

/** How long a list may wait for the views to hold what was acknowledged before it was asked for, in milliseconds. */
const INBOX_WAIT_MAX_MS = 5_000;

export class Reader {
  readonly #ports: ReaderPorts;

  constructor(ports: ReaderPorts) {
    this.#ports = ports;
  }

  /** The session as it is, or as it was when its newest fact had the seq `at`; `undefined` where there is none. */
  async session(ref: SessionRef, at?: number): Promise<SessionRow | undefined> {
    const { row, tail } = await this.#current(ref, { limit: 1 });
    const now = tail.reduce(foldRow, row);
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
    const { after, before, limit } = query;
    const { row, tail, messages } = await this.#current(ref, { ...query, limit: limit + 1 });
    const now = tail.reduce(foldRow, row);
    if (now === undefined) return undefined;
    const all = [...messages, ...tail.flatMap(({ commit }) => messagesOf(commit))].filter(
      ({ seq }) => seq > (after ?? 0) && seq < (before ?? Number.POSITIVE_INFINITY),
    );
    if (after !== undefined) {
      const page = all.slice(0, limit);
      return { row: now, messages: page, next: all.length > limit ? (page.at(-1)?.seq ?? null) : null };
    }
    const page = all.slice(-limit);
    return { row: now, messages: page, next: all.length > limit ? (page[0]?.seq ?? null) : null };
  }

  /** Sessions by newest activity; `undefined` when the views could not catch up in time. */
  async inbox(query: InboxQuery): Promise<InboxPage | undefined> {
    const { projector, views, acknowledged } = this.#ports;
    for (let attempt = 0; attempt < 2; attempt++) {
      if (!(await projector.caughtUp(acknowledged(), INBOX_WAIT_MAX_MS))) return undefined;
      const left = Array.from({ length: views.shards }, (_, shard) => projector.checkpoint(shard));
      const page = await views.inbox(query);
      if (page.checkpoints.every((checkpoint, shard) => checkpoint >= (left[shard] ?? 0))) return page;
      projector.recheck();
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
    if (page.checkpoints.some((checkpoint, index) => checkpoint < (left[index] ?? 0))) projector.recheck();
    return page.due;
  }

  async #current(ref: SessionRef, query: MessageQuery): Promise<TranscriptPage & { readonly tail: readonly Stored[] }> {
    const { log, newest } = this.#ports;
    const known = newest(ref);
    const page = await this.#view(ref, query);
    const position = page.row?.position ?? 0;
    if (known !== undefined && known.position <= position) return { ...page, tail: [] };
    const seq = page.row?.seq ?? 0;
    const oldest = known?.recent[0];
    if (known !== undefined && oldest !== undefined && oldest.commit.seq <= seq + 1)
      return { ...page, tail: known.recent.filter((stored) => stored.position > position) };
    const tail: Stored[] = [];
    for await (const batch of log.read(ref, position)) tail.push(...batch);
    return { ...page, tail };
  }

  /** What the view has; nothing, when it cannot be asked: then the log alone answers. */
  async #view(ref: SessionRef, query: MessageQuery): Promise<TranscriptPage> {
    const { views, projector, log, report } = this.#ports;
    const left = projector.checkpoint(shardOf(ref.session, log.shards));
    try {
      const page = await views.transcript(ref, query);
      if (page.checkpoint >= left) return page;
      projector.recheck();
    } catch (error) {
      report('a view could not be read; the log answers instead', { ...ref, error });
    }
    return { checkpoint: 0, row: undefined, messages: [] };
  }
}

/** The commit without its facts above a seq. */
const upTo = (stored: Stored, seq: number): Stored => {
  const { commit } = stored;
  if (lastSeq(commit) <= seq) return stored;
  const [first, ...rest] = commit.events.slice(0, seq - commit.seq + 1);
  return first === undefined ? stored : { ...stored, commit: { ...commit, events: [first, ...rest] } };
};
