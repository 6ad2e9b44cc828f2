/** `connectKefu`: one connection to a Kefu server, over however many sockets it takes. */
import type { NamedCommand } from '../../events/commands.ts';
import type { ClientFrameOf, ServerFrame } from '../../events/frames.ts';
import { socketAddress } from './address.ts';
import { type Ambient, realAmbient } from './ambient.ts';
import { Connection, type ConnectionState } from './connection.ts';
import type { KefuStopped } from './errors.ts';
import { JoinedSession, type SessionListener } from './joined-session.ts';
import type { ConnectOptions, JoinOptions, KefuClient, OpenOptions, StateListener } from './kefu-client.ts';
import { type Answering, OUTBOX_MAX, Outbox } from './outbox.ts';
import type { Ack, HistoryPage, HistoryQuery, SessionHandle } from './session-handle.ts';
import { socketConstructor } from './socket.ts';
import { Watch, type WatchListener, type WatchQuery } from './watch.ts';

/** Begins to connect at once. Throws where the platform has no WebSocket and none is given, or the address is none. */
export const connectKefu = (options: ConnectOptions): KefuClient => new Client(options);

class Client implements KefuClient {
  readonly #ambient: Ambient;
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #sessions = new Map<string, JoinedSession>();
  readonly #watches = new Map<string, Watch>();
  /** What the ack of an `open` frame sets going, by the frame's id. */
  readonly #openings = new Map<string, (session: string) => void>();
  readonly #stateListeners = new Set<StateListener>();
  #stopped: KefuStopped | undefined;

  constructor({ url, token, WebSocket, outboxMax = OUTBOX_MAX, ambient = realAmbient }: ConnectOptions) {
    this.#ambient = ambient;
    this.#connection = new Connection({
      url: socketAddress(url),
      token,
      Socket: socketConstructor(WebSocket),
      ambient,
      onOpen: () => this.#opened(),
      onFrame: (frame) => this.#received(frame),
      onLost: (code) => this.#lost(code),
      onState: (state, why) => this.#stateChanged(state, why),
    });
    this.#outbox = new Outbox({ max: outboxMax, ambient, send: (frame) => this.#connection.send(frame) });
    this.#connection.start();
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  onState(listener: StateListener): () => void {
    this.#stateListeners.add(listener);
    listener(this.state, this.#stopped);
    return () => this.#stateListeners.delete(listener);
  }

  async open(options: OpenOptions & SessionListener = {}): Promise<SessionHandle> {
    const { visitor, locale, metadata, clientId = this.#ambient.randomId(), ...listener } = options;
    const frame: ClientFrameOf<'open'> = {
      type: 'open',
      id: clientId,
      ...(visitor === undefined ? {} : { visitor }),
      ...(locale === undefined ? {} : { locale }),
      ...(metadata === undefined ? {} : { metadata }),
    };
    let handle: SessionHandle | undefined;
    // Right behind the ack comes the session's first event, before any promise is told of the ack.
    this.#openings.set(frame.id, (session) => {
      const joined = this.#follow(session, 0, listener);
      joined.await(frame.id);
      handle = this.#handleOf(joined);
    });
    try {
      await this.#ask(frame, frame.id);
    } finally {
      this.#openings.delete(frame.id);
    }
    if (handle === undefined) throw new TypeError('the server answered the opening of a session with something else');
    return handle;
  }

  join(session: string, { after = 0, ...listener }: JoinOptions): SessionHandle {
    const joined = this.#follow(session, after, listener);
    if (this.state === 'open') joined.join();
    return this.#handleOf(joined);
  }

  watch(query: WatchQuery, listener: WatchListener | WatchListener['onSession']): { stop(): void } {
    const watch = new Watch({
      id: this.#ambient.randomId(),
      query,
      listener: typeof listener === 'function' ? { onSession: listener } : listener,
      ambient: this.#ambient,
      send: ({ id }) => this.#connection.send({ type: 'watch', id, ...query }),
    });
    this.#watches.set(watch.id, watch);
    watch.begin();
    return {
      stop: () => {
        watch.lost();
        if (this.#watches.delete(watch.id)) this.#connection.send({ type: 'unwatch', id: watch.id });
      },
    };
  }

  async history(session: string, query: HistoryQuery = {}): Promise<HistoryPage> {
    const id = this.#ambient.randomId();
    const answer = await this.#ask({ type: 'history', id, session, ...query }, id);
    if (answer.type !== 'history') throw new TypeError('the server answered a request for history with something else');
    return { messages: answer.messages, next: answer.next };
  }

  close(): void {
    this.#connection.stop('closed', 'the client was closed by the application');
  }

  /** Takes the place of whoever followed the session before. */
  #follow(session: string, after: number, listener: SessionListener): JoinedSession {
    this.#sessions.get(session)?.lost();
    const joined = new JoinedSession({
      session,
      after,
      listener,
      ambient: this.#ambient,
      join: (afterSeq) => {
        const id = this.#ambient.randomId();
        this.#connection.send({ type: 'join', id, session, after: afterSeq });
        return id;
      },
      giveUpSocket: () => this.#connection.drop(),
    });
    this.#sessions.set(session, joined);
    return joined;
  }

  #handleOf(joined: JoinedSession): SessionHandle {
    const { session } = joined;
    let markedSeq = 0;
    const carryOut = (command: NamedCommand): Promise<Ack> =>
      this.#change({ type: 'do', id: this.#ambient.randomId(), session, command });
    return {
      session,
      get lastSeq() {
        return joined.lastSeq;
      },
      get status() {
        return joined.status;
      },
      say: (text) => this.#change({ type: 'say', id: this.#ambient.randomId(), session, text }),
      do: carryOut,
      typing: (on) => void this.#connection.send({ type: 'typing', session, on }),
      markRead: async (upTo) => {
        if (upTo <= markedSeq) return;
        const before = markedSeq;
        markedSeq = upTo;
        try {
          await carryOut({ type: 'MarkRead', upTo });
        } catch (error) {
          if (markedSeq === upTo) markedSeq = before;
          throw error;
        }
      },
      history: (query) => this.history(session, query),
      leave: () => this.#leave(joined),
    };
  }

  #leave(joined: JoinedSession): void {
    joined.lost();
    // The handle may have been replaced by a later one, which goes on.
    if (this.#sessions.get(joined.session) !== joined) return;
    this.#sessions.delete(joined.session);
    this.#connection.send({ type: 'leave', id: this.#ambient.randomId(), session: joined.session });
  }

  /** What changes a session goes out in the order it was asked for. */
  async #change(frame: ClientFrameOf<'say' | 'do'>): Promise<Ack> {
    const answer = await this.#ask(frame, frame.session);
    if (answer.type !== 'ack') throw new TypeError('the server answered a change with something else');
    const { session, seq, at, messageId } = answer;
    return { session, seq, at, ...(messageId === undefined ? {} : { messageId }) };
  }

  #ask(...asking: Parameters<Outbox['ask']>): Promise<Answering> {
    return this.#stopped === undefined ? this.#outbox.ask(...asking) : Promise.reject(this.#stopped);
  }

  #opened(): void {
    for (const joined of this.#sessions.values()) joined.join();
    for (const watch of this.#watches.values()) watch.begin();
    this.#outbox.opened();
  }

  #lost(code: number): void {
    this.#outbox.lost(code);
    for (const joined of this.#sessions.values()) joined.lost();
    for (const watch of this.#watches.values()) watch.lost();
  }

  #received(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ack':
        this.#openings.get(frame.id)?.(frame.session);
        this.#outbox.answered(frame);
        break;
      case 'history':
        this.#outbox.answered(frame);
        break;
      case 'joined':
        this.#sessions.get(frame.session)?.joined(frame);
        break;
      case 'event':
        this.#sessions.get(frame.session)?.event(frame);
        break;
      case 'typing':
        this.#sessions.get(frame.session)?.typing(frame);
        break;
      case 'delta':
        this.#sessions.get(frame.session)?.delta(frame);
        break;
      case 'inbox':
        this.#watches.get(frame.id)?.inbox(frame);
        break;
      case 'watching':
        this.#watches.get(frame.id)?.watching();
        break;
      case 'refused':
        this.#refused(frame);
        break;
      default:
        // The contract grows by addition: what this client does not know is not meant for it.
        break;
    }
  }

  #refused(frame: Extract<ServerFrame, { type: 'refused' }>): void {
    const { id } = frame;
    if (id === null || this.#outbox.refused(frame)) return;
    const watch = this.#watches.get(id);
    if (watch !== undefined) {
      if (frame.code !== 'unavailable') this.#watches.delete(id);
      watch.refused(frame);
      return;
    }
    for (const joined of this.#sessions.values()) {
      if (!joined.awaits(id)) continue;
      if (frame.code !== 'unavailable') this.#sessions.delete(joined.session);
      joined.refused(frame);
      return;
    }
  }

  #stateChanged(state: ConnectionState, why: KefuStopped | undefined): void {
    if (state === 'closed' && why !== undefined) {
      this.#stopped = why;
      this.#outbox.stop(why);
      for (const joined of this.#sessions.values()) joined.lost();
      for (const watch of this.#watches.values()) watch.lost();
      this.#sessions.clear();
      this.#watches.clear();
    }
    for (const listener of this.#stateListeners) listener(state, why);
  }
}
