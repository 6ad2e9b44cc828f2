/** One session, as the application holds it. */
import type { NamedCommand } from '../../events/commands.ts';
import type { HistoryMessage } from '../../events/frames.ts';
import type { Status } from '../../events/names.ts';

/** The server's word that something is stored. */
export interface Ack {
  readonly session: string;
  readonly seq: number;
  /** Unix milliseconds. */
  readonly at: number;
  /** Of a message. */
  readonly messageId?: string;
}

export interface HistoryQuery {
  /** Only messages with a smaller seq. With neither this nor `after`: the latest page. */
  readonly before?: number;
  /** Only messages with a greater seq. */
  readonly after?: number;
  /** At most 200; the server gives 50 when it is not named. */
  readonly limit?: number;
}

export interface HistoryPage {
  /** By seq, oldest first. */
  readonly messages: readonly HistoryMessage[];
  /** The next page's `before` or `after`; `null` at the end. */
  readonly next: number | null;
}

/**
 * What the promises below reject with: KefuRefusal when the server refuses, KefuOutboxFull when too much waits already,
 * KefuStopped when the client is closed first.
 */
export interface SessionHandle {
  readonly session: string;
  /** Seq of the newest event given to `onEvent`. */
  readonly lastSeq: number;
  /** `undefined` until joined. */
  readonly status: Status | undefined;
  /** Posts a message of 1 to 8000 characters; resolves when it is stored. Survives reconnects; never posted twice. */
  say(text: string): Promise<Ack>;
  /** Carries out a command, such as `{ type: 'ClaimSession' }`; resolves when it is stored. */
  do(command: NamedCommand): Promise<Ack>;
  /** Tells the others that one is writing, or no longer; may get lost. */
  typing(on: boolean): void;
  /** Marks everything up to this seq as read. Asking for what was asked before does nothing. */
  markRead(upTo: number): Promise<void>;
  history(query?: HistoryQuery): Promise<HistoryPage>;
  /** No more events come. What was said is still sent. */
  leave(): void;
}
