/**
 * A server in memory that speaks the socket's frames: sessions of messages, answers by id, and all the ways in which a
 * connection goes wrong.
 */
import type { ClientFrame, ClientFrameOf, ServerFrame } from '../../events/frames.ts';
import type { SocketLike } from '../../infra/client/index.ts';

type Posted = Extract<ServerFrame, { type: 'event' }>;
type Ack = Extract<ServerFrame, { type: 'ack' }>;
type Asked = ClientFrameOf<'open' | 'say' | 'do'>;

export class PretendServer {
  /** Every socket there was, the newest last. */
  readonly sockets: PretendSocket[] = [];
  /** `false`: no connection comes about. */
  reachable = true;
  /** What becomes of the frames a socket sends; `undefined` leaves it to the server. */
  intercept: ((frame: ClientFrame, socket: PretendSocket) => 'swallow' | undefined) | undefined;
  readonly #sessions = new Map<string, Posted[]>();
  readonly #acks = new Map<string, Ack>();

  /** The class to pass as `WebSocket`. */
  get Socket(): new (
    url: string,
    protocols: string[],
  ) => SocketLike {
    const connect = (socket: PretendSocket): void => this.#connect(socket);
    return class extends PretendSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, connect);
      }
    };
  }

  get socket(): PretendSocket {
    const newest = this.sockets.at(-1);
    if (newest === undefined) throw new Error('nobody has connected yet');
    return newest;
  }

  events(session: string): Posted[] {
    const events = this.#sessions.get(session) ?? [];
    this.#sessions.set(session, events);
    return events;
  }

  /** Someone else posts a message; who has joined is told. */
  post(session: string, text: string): Posted {
    const events = this.events(session);
    const seq = events.length + 1;
    const author = { role: 'agent', id: 'alice' };
    const posted: Posted = {
      type: 'event',
      session,
      seq,
      at: 1_000 + seq,
      event: { type: 'MessagePosted', messageId: `m${seq}`, author, text },
    };
    events.push(posted);
    for (const socket of this.sockets) if (socket.joined.has(session)) socket.give(posted);
    return posted;
  }

  #connect(socket: PretendSocket): void {
    this.sockets.push(socket);
    queueMicrotask(() => {
      if (!this.reachable) socket.end(1006);
      else socket.begin((frame) => this.#receive(frame, socket));
    });
  }

  #receive(frame: ClientFrame, socket: PretendSocket): void {
    if (this.intercept?.(frame, socket) === 'swallow') return;
    switch (frame.type) {
      case 'ping':
        socket.give({ type: 'pong' });
        break;
      case 'join':
        this.#join(frame.session, frame.id, frame.after ?? 0, socket);
        break;
      case 'leave':
        socket.joined.delete(frame.session);
        break;
      case 'say':
      case 'do':
      case 'open':
        socket.give(this.#carryOut(frame));
        if (frame.type === 'open') this.#join(`s-${frame.id}`, frame.id, 0, socket);
        break;
      case 'history':
        socket.give({ type: 'history', id: frame.id, session: frame.session, messages: [], next: null });
        break;
      case 'watch':
        socket.give({ type: 'watching', id: frame.id });
        break;
      default:
        break;
    }
  }

  /** The same id again gets the same ack. */
  #carryOut(frame: Asked): Ack {
    const known = this.#acks.get(frame.id);
    if (known !== undefined) return known;
    const session = frame.type === 'open' ? `s-${frame.id}` : frame.session;
    const { seq, at } = this.post(session, frame.type === 'say' ? frame.text : frame.type);
    const ack: Ack = { type: 'ack', id: frame.id, session, seq, at, messageId: `m${seq}` };
    this.#acks.set(frame.id, ack);
    return ack;
  }

  #join(session: string, id: string, after: number, socket: PretendSocket): void {
    const events = this.events(session);
    socket.joined.add(session);
    socket.give({
      type: 'joined',
      id,
      session,
      seq: events.length,
      status: 'assistant',
      recovered: after <= events.length,
      from: after <= events.length ? after + 1 : 1,
    });
    for (const event of events.slice(after <= events.length ? after : 0)) socket.give(event);
  }
}

export class PretendSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;
  readonly url: string;
  readonly protocols: readonly string[];
  /** Everything the client has sent. */
  readonly sent: ClientFrame[] = [];
  readonly joined = new Set<string>();
  /** A dead line: nothing arrives any more, in either direction, and nobody is told. */
  dead = false;
  isOpen = false;
  #receive: (frame: ClientFrame) => void = () => undefined;

  constructor(url: string, protocols: readonly string[], connect: (socket: PretendSocket) => void) {
    this.url = url;
    this.protocols = protocols;
    connect(this);
  }

  sentOf<T extends ClientFrame['type']>(type: T): ClientFrameOf<T>[] {
    return this.sent.filter((frame): frame is ClientFrameOf<T> => frame.type === type);
  }

  send(data: string): void {
    const frame = JSON.parse(data) as ClientFrame;
    this.sent.push(frame);
    if (!this.dead) queueMicrotask(() => this.#receive(frame));
  }

  close(): void {
    if (!this.dead) this.end(1000);
  }

  give(frame: ServerFrame): void {
    if (!this.dead && this.isOpen) call(this.onmessage, { data: JSON.stringify(frame) });
  }

  begin(receive: (frame: ClientFrame) => void): void {
    this.#receive = receive;
    this.isOpen = true;
    call(this.onopen, {});
  }

  end(code: number): void {
    this.isOpen = false;
    this.joined.clear();
    call(this.onclose, { code });
  }
}

const call = (handler: ((event: never) => void) | null, event: object): void => handler?.(event as never);
