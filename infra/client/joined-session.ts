/** One session this client follows: its events reach the application exactly once, in seq order, without a gap. */
import type { ServerFrameOf } from '../../events/frames.ts';
import type { Status } from '../../events/names.ts';
import type { Ambient } from './ambient.ts';
import { unavailableDelayMs } from './backoff.ts';
import { KefuRefusal } from './errors.ts';
import { type SessionEvent, type SessionFact, type Standing, standingAfter } from './session-event.ts';

/** The server's word on a join. */
export interface Joined {
  readonly session: string;
  /** The session's newest seq at that moment. */
  readonly seq: number;
  readonly status: Status;
  /** False when not everything after the last seq can be had: forget what is shown, the events begin anew at `from`. */
  readonly recovered: boolean;
  readonly from: number;
}

export interface Typing {
  readonly session: string;
  readonly on: boolean;
  readonly author: { readonly role: string; readonly id: string };
}

/** A piece of the assistant's answer while it is being written. The message that follows is what counts. */
export interface Delta {
  readonly session: string;
  readonly basedOn: number;
  readonly text: string;
  /** Characters of the answer before this piece; 0 where it begins, perhaps anew. */
  readonly offset?: number;
}

/** What the application wants to be told of a session. An error thrown in one of these is the application's own. */
export interface SessionListener {
  readonly onEvent?: (event: SessionEvent) => void;
  readonly onTyping?: (typing: Typing) => void;
  readonly onDelta?: (delta: Delta) => void;
  /** After each join, also the ones after a reconnect. */
  readonly onJoined?: (joined: Joined) => void;
  /** The session cannot be joined: it does not exist, or belongs to others. Nothing more comes. */
  readonly onRefused?: (refusal: KefuRefusal) => void;
}

/** Joins in a row that brought nothing new although a gap showed something was missing. */
const FRUITLESS_JOINS_MAX = 3;

export interface JoinedSessionOptions {
  readonly session: string;
  readonly after: number;
  readonly listener: SessionListener;
  readonly ambient: Ambient;
  /** Asks the server to join after this seq, under a fresh id that is returned. */
  readonly join: (after: number) => string;
  /** The server cannot give what it has announced: another connection may. */
  readonly giveUpSocket: () => void;
}

export class JoinedSession {
  /** Seq of the newest event the application has. */
  lastSeq: number;
  #standing: Standing = { status: undefined, hadPerson: false };
  /** The join that waits for its answer. */
  #joinId: string | undefined;
  /** Up to here the server's status was newer than the events. */
  #statusSeq = 0;
  #fruitlessJoins = 0;
  /** Joins in a row that were refused because the server was not available. */
  #unavailable = 0;
  #cancelRetry: (() => void) | undefined;
  readonly #options: JoinedSessionOptions;

  constructor(options: JoinedSessionOptions) {
    this.#options = options;
    this.lastSeq = options.after;
  }

  get session(): string {
    return this.#options.session;
  }

  get status(): Status | undefined {
    return this.#standing.status;
  }

  /** Asks for everything the application does not have yet. */
  join(): void {
    this.#joinId = this.#options.join(this.lastSeq);
  }

  /** The server joins by itself, under this id. */
  await(joinId: string): void {
    this.#joinId = joinId;
  }

  /** The socket is lost, and with it the answer. */
  lost(): void {
    this.#joinId = undefined;
    this.#fruitlessJoins = 0;
    this.#cancelRetry?.();
  }

  awaits(joinId: string): boolean {
    return this.#joinId === joinId;
  }

  joined({ id, session, seq, status, recovered, from }: ServerFrameOf<'joined'>): void {
    if (!this.awaits(id)) return;
    this.#joinId = undefined;
    this.#unavailable = 0;
    this.#statusSeq = seq;
    this.#standing = { status, hadPerson: this.#standing.hadPerson || status === 'assigned' };
    if (!recovered) this.lastSeq = from - 1;
    this.#options.listener.onJoined?.({ session, seq, status, recovered, from });
  }

  event({ session, seq, at, event }: ServerFrameOf<'event'>): void {
    if (seq <= this.lastSeq) return;
    if (seq > this.lastSeq + 1) {
      this.#gap();
      return;
    }
    this.lastSeq = seq;
    this.#fruitlessJoins = 0;
    const fact = event as SessionFact;
    const after = standingAfter(this.#standing, fact);
    this.#standing = seq <= this.#statusSeq ? { ...after, status: this.#standing.status } : after;
    this.#options.listener.onEvent?.({ session, seq, at, event: fact });
  }

  typing({ session, on, author }: ServerFrameOf<'typing'>): void {
    this.#options.listener.onTyping?.({ session, on, author });
  }

  delta({ session, basedOn, text, offset }: ServerFrameOf<'delta'>): void {
    this.#options.listener.onDelta?.({ session, basedOn, text, ...(offset === undefined ? {} : { offset }) });
  }

  refused(refusal: ServerFrameOf<'refused'>): void {
    this.#joinId = undefined;
    if (refusal.code !== 'unavailable') {
      this.#options.listener.onRefused?.(new KefuRefusal(refusal));
      return;
    }
    const { ambient } = this.#options;
    this.#cancelRetry = ambient.later(unavailableDelayMs(this.#unavailable, ambient), () => this.join());
    this.#unavailable += 1;
  }

  /** Something is missing. What comes until the join is answered does not count. */
  #gap(): void {
    if (this.#joinId !== undefined) return;
    this.#fruitlessJoins += 1;
    if (this.#fruitlessJoins > FRUITLESS_JOINS_MAX) this.#options.giveUpSocket();
    else this.join();
  }
}
