/** One socket, as a stranger's program would hold it. It waits for frames, never for time to pass. */
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { decode, sayFlaws } from '../../events/codec.ts';
import { ServerFrame, type ServerFrameOf, SUBPROTOCOL } from '../../events/frames.ts';

export type FrameType = ServerFrame['type'];

/** Frames that answer one of ours by its id. */
export type Reply = ServerFrameOf<'ack' | 'joined' | 'left' | 'refused' | 'history' | 'watching' | 'unwatched'>;
const replyTypes: readonly FrameType[] = ['ack', 'joined', 'left', 'refused', 'history', 'watching', 'unwatched'];

interface Waiting {
  readonly isIt: (frame: ServerFrame) => boolean;
  readonly resolve: (frame: ServerFrame) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** How long a frame may take before the test is told what came instead. */
const PATIENCE_MS = 10_000;

export class SocketClient {
  /** Every frame so far, as it stood on the wire. */
  readonly texts: string[] = [];
  /** Every frame so far. */
  readonly frames: ServerFrame[] = [];
  /** Resolves when the socket is closed, by whomever. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #ws: WebSocket;
  /** Frames that nobody has asked for yet. */
  #fresh: ServerFrame[] = [];
  #waiting: Waiting[] = [];
  #flaw: Error | undefined;
  #count = 0;

  constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('message', (data, isBinary) => this.#receive((data as Buffer).toString('utf8'), isBinary));
    // What went wrong is told by the close that follows.
    ws.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString('utf8') });
        this.#fail(new Error(`the socket was closed with ${code}; ${this.#saw()}`));
      });
    });
  }

  get subprotocol(): string {
    return this.#ws.protocol;
  }

  /** An id of our own that this socket has not used. */
  id(): string {
    this.#count += 1;
    return `a${this.#count}`;
  }

  send(frame: Readonly<Record<string, unknown>>): void {
    this.#ws.send(JSON.stringify(frame));
  }

  /** Sends what may be no frame at all; bytes go as a binary frame. */
  sendRaw(data: string | Buffer): void {
    this.#ws.send(data);
  }

  /** Sends bytes as a text frame, whatever they are. */
  sendText(bytes: Buffer): void {
    this.#ws.send(bytes, { binary: false });
  }

  /** Sends a frame with a new id, unless it has one, and waits for the frame that answers it. */
  async ask(frame: Readonly<Record<string, unknown>>): Promise<Reply> {
    const id = frame['id'] ?? this.id();
    this.send({ ...frame, id });
    return (await this.#find((each) => replyTypes.includes(each.type) && 'id' in each && each.id === id)) as Reply;
  }

  /** As {@link ask}, for an answer that must be of this type. */
  async expect<T extends Reply['type']>(
    type: T,
    frame: Readonly<Record<string, unknown>>,
  ): Promise<Extract<Reply, { type: T }>> {
    const reply = await this.ask(frame);
    if (reply.type !== type) throw new Error(`expected ${type} and got ${JSON.stringify(reply)}`);
    return reply as Extract<Reply, { type: T }>;
  }

  /** The earliest frame of this type that nobody has taken yet, now or when it comes. */
  async next<T extends FrameType>(
    type: T,
    isIt: (frame: ServerFrameOf<T>) => boolean = () => true,
  ): Promise<ServerFrameOf<T>> {
    return (await this.#find((each) => each.type === type && isIt(each as ServerFrameOf<T>))) as ServerFrameOf<T>;
  }

  /** The `event` frame with this seq. */
  event(session: string, seq: number): Promise<ServerFrameOf<'event'>> {
    return this.next('event', (frame) => frame.session === session && frame.seq === seq);
  }

  /** The session's facts as this socket got them, once the one with seq `last` is here. */
  async events(session: string, last: number): Promise<readonly ServerFrameOf<'event'>[]> {
    await this.event(session, last);
    return this.got('event').filter((frame) => frame.session === session);
  }

  /** Every frame of this type so far. */
  got<T extends FrameType>(type: T): readonly ServerFrameOf<T>[] {
    return this.frames.filter((frame): frame is ServerFrameOf<T> => frame.type === type);
  }

  /** Resolves when the server has answered everything that was sent before, as far as answers go out at once. */
  async ping(): Promise<void> {
    this.send({ type: 'ping' });
    await this.next('pong');
  }

  close(): void {
    this.#ws.close();
  }

  /** Ends it without a word, as a lost network does. */
  terminate(): void {
    this.#ws.terminate();
  }

  #find(isIt: Waiting['isIt']): Promise<ServerFrame> {
    const at = this.#fresh.findIndex(isIt);
    const found = this.#fresh[at];
    if (this.#flaw !== undefined) return Promise.reject(this.#flaw);
    if (found !== undefined) {
      this.#fresh = this.#fresh.toSpliced(at, 1);
      return Promise.resolve(found);
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(new Error(`no such frame came; ${this.#saw()}`)), PATIENCE_MS);
      this.#waiting.push({ isIt, resolve, reject, timer });
    });
  }

  #receive(text: string, isBinary: boolean): void {
    this.texts.push(text);
    const frame = JSON.parse(text) as ServerFrame;
    this.frames.push(frame);
    const flaw = isBinary ? 'a binary frame' : flawOf(text, frame);
    if (flaw !== undefined) this.#fail(new Error(`the server broke its own contract: ${flaw} in ${text}`));
    const at = this.#waiting.findIndex(({ isIt }) => isIt(frame));
    const [waiting] = at < 0 ? [] : this.#waiting.splice(at, 1);
    if (waiting === undefined) {
      this.#fresh.push(frame);
      return;
    }
    clearTimeout(waiting.timer);
    waiting.resolve(frame);
  }

  #fail(error: Error): void {
    this.#flaw ??= error;
    for (const { reject, timer } of this.#waiting) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting = [];
  }

  #saw(): string {
    return `seen so far: ${this.texts.slice(-8).join(' ') || 'nothing'}`;
  }
}

/** What is wrong with a frame of the server's, as it stands on the wire. */
const flawOf = (text: string, frame: unknown): string | undefined => {
  if (!text.startsWith('{"type":"')) return 'type is not the first key';
  const decoded = decode(ServerFrame, frame);
  return decoded._tag === 'Left' ? sayFlaws(decoded.left) : undefined;
};

export interface ConnectOptions {
  /** In the way of browsers, unless told otherwise. */
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

const addressOf = (url: string, path: string): string => `${url.replace(/^http/, 'ws')}${path}`;

const dial = (url: string, token: string, options: ConnectOptions): WebSocket =>
  new WebSocket(
    addressOf(url, options.path ?? '/v1/socket'),
    [...(options.protocols ?? [SUBPROTOCOL, `bearer.${token}`])],
    { headers: options.headers ?? {}, perMessageDeflate: false },
  );

/** A socket that is open. */
export const connect = (url: string, token: string, options: ConnectOptions = {}): Promise<SocketClient> =>
  new Promise((resolve, reject) => {
    const ws = dial(url, token, options);
    const client = new SocketClient(ws);
    ws.once('open', () => resolve(client));
    ws.once('error', reject);
  });

export interface RefusedUpgrade {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

/** The answer to an upgrade that the server does not grant. */
export const refusedUpgrade = (url: string, token: string, options: ConnectOptions = {}): Promise<RefusedUpgrade> =>
  new Promise((resolve, reject) => {
    const ws = dial(url, token, options);
    ws.once('open', () => reject(new Error('the socket was let in')));
    ws.once('error', reject);
    ws.once('unexpected-response', (_request, response: IncomingMessage) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          body: JSON.parse(text),
        });
      });
    });
  });
