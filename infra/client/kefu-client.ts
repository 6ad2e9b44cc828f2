/** What the client offers an application. */
import type { Metadata } from '../../events/metadata.ts';
import type { Ambient } from './ambient.ts';
import type { ConnectionState } from './connection.ts';
import type { KefuStopped } from './errors.ts';
import type { SessionListener } from './joined-session.ts';
import type { HistoryPage, HistoryQuery, SessionHandle } from './session-handle.ts';
import type { SocketConstructor } from './socket.ts';
import type { Token } from './token-source.ts';
import type { WatchListener, WatchQuery } from './watch.ts';

export interface ConnectOptions {
  /** The server's address: `https://chat.example.com`, with a path where it is served below one. */
  readonly url: string;
  /**
   * A bearer token, or a function that gets one. The function is asked again when a token has expired; a plain token that
   * expires closes the client for good.
   */
  readonly token: Token;
  /** The class `WebSocket` of the package `ws`, on platforms without one of their own (Node 20). */
  readonly WebSocket?: SocketConstructor;
  /** Frames that may wait for an answer at once; 256 when not named. */
  readonly outboxMax?: number;
  /** Clock, chance and timers of a test. */
  readonly ambient?: Ambient;
}

export interface OpenOptions {
  readonly visitor?: { readonly id?: string; readonly name?: string };
  /** A BCP 47 language tag. */
  readonly locale?: string;
  readonly metadata?: Metadata;
  /** Opening again with the same id gives the same session again. Random when not named. */
  readonly clientId?: string;
}

export interface JoinOptions extends SessionListener {
  /** Only events with a greater seq; 0, the default, gives all. */
  readonly after?: number;
}

export type StateListener = (state: ConnectionState, why?: KefuStopped) => void;

/** Joining, saying, watching can be asked for at any time: what needs a connection waits for it. */
export interface KefuClient {
  readonly state: ConnectionState;
  /** Told of every change, and of the present state at once; the returned function ends it. `why` comes with `closed`. */
  onState(listener: StateListener): () => void;
  /** Opens a session and joins it. Rejects like `SessionHandle.say`. */
  open(options?: OpenOptions & SessionListener): Promise<SessionHandle>;
  /** Follows a session from `after` on, across reconnects. Joining again takes the place of the earlier handle. */
  join(session: string, options: JoinOptions): SessionHandle;
  /** Follows the inbox, for staff. */
  watch(query: WatchQuery, listener: WatchListener | WatchListener['onSession']): { stop(): void };
  /** A page of a session's messages. */
  history(session: string, query?: HistoryQuery): Promise<HistoryPage>;
  /** Ends everything. What still waits for an answer rejects with KefuStopped. */
  close(): void;
}
