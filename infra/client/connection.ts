/** One socket at a time to the server, opened anew whenever it is lost, until closed for good. */
import type { ClientFrame, ServerFrame } from '../../events/frames.ts';
import type { Ambient } from './ambient.ts';
import { reconnectDelayMs } from './backoff.ts';
import { KefuStopped, type StopWhy } from './errors.ts';
import { Heartbeat } from './heartbeat.ts';
import { closeCodes, type SocketConstructor, type SocketLike, SUBPROTOCOL } from './socket.ts';
import { type Token, TokenSource } from './token-source.ts';

/** `connecting` until the first socket is open and again after each loss; `closed` is for good. */
export type ConnectionState = 'connecting' | 'open' | 'closed';

export interface ConnectionOptions {
  readonly url: string;
  readonly token: Token;
  readonly Socket: SocketConstructor;
  readonly ambient: Ambient;
  /** A socket is open: everything wanted from the server is to be asked again. */
  readonly onOpen: () => void;
  readonly onFrame: (frame: ServerFrame) => void;
  /** The socket is lost, with its close code; 1006 when none was given. */
  readonly onLost: (code: number) => void;
  readonly onState: (state: ConnectionState, why?: KefuStopped) => void;
}

const LOST_WITHOUT_WORD = 1006;
/** A connection that held this long was a good one: the next loss starts counting anew. */
const STEADY_AFTER_MS = 5_000;

export class Connection {
  state: ConnectionState = 'connecting';
  readonly #options: ConnectionOptions;
  readonly #tokens: TokenSource;
  readonly #heartbeat: Heartbeat;
  readonly #forgetOnline: () => void;
  #socket: SocketLike | undefined;
  #attempt = 0;
  #cancelRetry: (() => void) | undefined;
  #cancelSteady: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#tokens = new TokenSource(options.token);
    this.#heartbeat = new Heartbeat(
      options.ambient,
      () => this.send({ type: 'ping' }),
      () => this.drop(),
    );
    this.#forgetOnline = options.ambient.onOnline(() => this.#networkIsBack());
  }

  /** Opens the first socket. */
  start(): void {
    void this.#connect();
  }

  /** False when there is no open socket: the frame is not sent, now or later. */
  send(frame: ClientFrame): boolean {
    if (this.state !== 'open' || this.#socket === undefined) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Gives up this socket, which the server may not even know of, and opens another. */
  drop(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    // Closing a dead connection can take minutes to be confirmed; nobody waits for that.
    this.#lost(LOST_WITHOUT_WORD);
    socket.close();
  }

  /** For good. */
  stop(why: StopWhy, message: string): void {
    if (this.state === 'closed') return;
    const socket = this.#socket;
    this.#release();
    this.#forgetOnline();
    this.#cancelRetry?.();
    socket?.close(1000);
    this.#become('closed', new KefuStopped(why, message));
  }

  async #connect(): Promise<void> {
    this.#cancelRetry = undefined;
    let token: string;
    try {
      token = await this.#tokens.get();
    } catch {
      // Whoever gives tokens out is as likely to be away for a while as the server is.
      if (this.state !== 'closed') this.#retry(LOST_WITHOUT_WORD);
      return;
    }
    // It may have been closed while the token was on its way.
    if (this.state === 'closed') return;
    // Whoever is not held to types may have none to give; the server would be asked in vain for ever.
    if (typeof token === 'string' && token !== '') this.#openSocket(token);
    else this.stop('unusable_token', `expected a token, a text that is not empty, and was given ${typeof token}`);
  }

  #openSocket(token: string): void {
    const { Socket, url } = this.#options;
    let socket: SocketLike;
    try {
      socket = new Socket(url, [SUBPROTOCOL, `bearer.${token}`]);
    } catch (error) {
      this.stop('unusable_token', `the socket cannot be opened with this address and token: ${String(error)}`);
      return;
    }
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event: { readonly data: unknown }) => this.#received(event.data);
    socket.onclose = (event: { readonly code?: number }) => this.#lost(event.code ?? LOST_WITHOUT_WORD);
    // A close follows each error. Without a listener the package ws would throw it at the process, also after `close()`.
    socket.onerror = () => undefined;
  }

  #opened(): void {
    this.#heartbeat.start();
    this.#cancelSteady = this.#options.ambient.later(STEADY_AFTER_MS, () => {
      this.#attempt = 0;
    });
    this.#become('open');
    this.#options.onOpen();
  }

  #received(data: unknown): void {
    this.#heartbeat.heard();
    const frame = typeof data === 'string' ? frameOf(data) : undefined;
    if (frame !== undefined) this.#options.onFrame(frame);
  }

  #lost(code: number): void {
    const wasOpen = this.state === 'open';
    this.#release();
    if (code === closeCodes.policy) {
      this.stop('policy', 'the server does not accept this client (close code 1008)');
      return;
    }
    // A browser is not told why a socket did not open. A token past its time is one reason.
    if (code === closeCodes.tokenExpired || !wasOpen) this.#tokens.distrust();
    if (code === closeCodes.tokenExpired && !this.#tokens.canRenew) {
      this.stop('token_expired', 'the token has expired; pass a function as token to have it renewed');
      return;
    }
    if (wasOpen) {
      this.#become('connecting');
      this.#options.onLost(code);
    }
    if (this.state !== 'closed') this.#retry(code);
  }

  #retry(code: number): void {
    const delayMs = reconnectDelayMs(code, this.#attempt, this.#options.ambient);
    this.#attempt += 1;
    this.#cancelRetry = this.#options.ambient.later(delayMs, () => void this.#connect());
  }

  /** What waits for its turn to reconnect does so at once; what believes to be connected makes sure. */
  #networkIsBack(): void {
    if (this.state === 'open') {
      this.#heartbeat.beat();
    } else if (this.#cancelRetry !== undefined) {
      this.#cancelRetry();
      void this.#connect();
    }
  }

  /** Lets go of the socket: it has nothing more to say. */
  #release(): void {
    this.#heartbeat.stop();
    this.#cancelSteady?.();
    if (this.#socket === undefined) return;
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket = undefined;
  }

  #become(state: ConnectionState, why?: KefuStopped): void {
    this.state = state;
    this.#options.onState(state, why);
  }
}

/** Whoever speaks the contract sends an object with a type. Anything else is not for this client. */
const frameOf = (data: string): ServerFrame | undefined => {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && 'type' in value ? (value as ServerFrame) : undefined;
  } catch {
    return undefined;
  }
};
