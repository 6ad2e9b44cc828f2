/** All sockets of the process: how they come, what they send, how they go. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { isLeft } from 'fp-ts/lib/Either.js';
import { decode, sayFlaws } from '../../../events/codec.ts';
import { utf8 } from '../../../events/encoding/utf8.ts';
import { ClientFrame, closeCodes, SUBPROTOCOL } from '../../../events/frames.ts';
import { FRAME_BYTES_MAX } from '../../../events/limits.ts';
import type { Luggage } from '../../cluster/siblings.ts';
import { type Handle, takeHandle } from '../../handles.ts';
import { isExpired, type Principal } from '../principal.ts';
import { invalid, type Problem, problemBody, statusOf, unavailable } from '../problem.ts';
import { Bucket } from '../rate.ts';
import type { Service } from '../service.ts';
import { handshakeAnswer, handshakeFlaw } from '../websocket/handshake.ts';
import { destroyBroken, ServerSocket, type SocketEvents } from '../websocket/server-socket.ts';
import { Connection } from './connection.ts';
import { Flusher } from './flusher.ts';
import { frameHandlers } from './frame-handlers.ts';
import { betterPlace, type Passed } from './handing-over.ts';
import { Rooms } from './rooms.ts';

const PATH = '/v1/socket';
const SWEEP_EVERY_MS = 1_000;
const PING_AFTER_MS = 30_000;
const DEAD_AFTER_MS = 75_000;

export class Sockets {
  readonly #service: Service;
  readonly #flusher: Flusher;
  readonly #connections = new Set<Connection>();
  readonly #rooms: Rooms;
  readonly #handlers: ReturnType<typeof frameHandlers>;
  readonly #events: SocketEvents<Connection>;
  #draining = false;
  #cancelSweep: () => void;

  constructor(service: Service) {
    this.#service = service;
    this.#flusher = new Flusher(service.beat);
    this.#rooms = new Rooms(service.relay);
    this.#handlers = frameHandlers(this.#rooms);
    this.#cancelSweep = this.#scheduleSweep();
    this.#events = {
      message: (connection, text) => this.#receive(connection, text),
      binary: (connection) => this.#receive(connection, undefined),
      pong: (connection) => {
        connection.heardAt = service.world.monotonicMs();
      },
      gone: (connection) => this.#forget(connection),
    };
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Who is in which session, for what is never stored. */
  get rooms(): Rooms {
    return this.#rooms;
  }

  /** Node's `upgrade` event. */
  upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void {
    const admitted = this.#admit(request);
    if (isProblem(admitted)) reject(raw, admitted);
    else this.#accept(request, raw, head, admitted);
  }

  /** Lets no socket in and takes no frame any more; what was taken is still answered. */
  startDraining(): void {
    this.#draining = true;
    for (const connection of this.#connections) connection.pause();
  }

  /** Tells every socket to come back elsewhere or later. Resolves when all are closed, at the latest after `boundMs`. */
  async drain(boundMs: number): Promise<void> {
    this.startDraining();
    this.#cancelSweep();
    for (const connection of this.#connections) connection.close(closeCodes.restarting, 'restarting');
    const { world } = this.#service;
    const until = world.monotonicMs() + boundMs;
    while (this.#connections.size > 0 && world.monotonicMs() < until)
      await new Promise<void>((resolve) => {
        world.after(10, resolve);
      });
    for (const connection of this.#connections) connection.terminate();
  }

  #admit(request: IncomingMessage): Principal | Problem {
    if ((request.url ?? '').split('?', 1)[0] !== PATH) return { code: 'not_found', message: `sockets are at ${PATH}` };
    if (this.#draining) return unavailable('the server is restarting');
    const most = this.#service.limits.sockets;
    if (most > 0 && this.#connections.size >= most) return unavailable('the server has as many sockets as it may');
    const flaw = handshakeFlaw(request);
    if (flaw !== undefined) return invalid(flaw);
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    if (offered[0] !== '' && !offered.includes(SUBPROTOCOL))
      return invalid(`sec-websocket-protocol: expected ${SUBPROTOCOL} among the subprotocols`);
    const token =
      /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1] ??
      offered.find((each) => each.startsWith('bearer.'))?.slice('bearer.'.length);
    if (token === undefined)
      return {
        code: 'unauthenticated',
        message: 'a socket needs a token: the subprotocol `bearer.<token>` or an Authorization header',
      };
    const principal = this.#service.tokens.check(token);
    if (!isLeft(principal)) return principal.right;
    // A browser cannot see the status of a refused upgrade, so that an expired token is told by the close code.
    return principal.left._tag === 'Expired' ? expired : { code: 'unauthenticated', message: principal.left.rule };
  }

  #accept(request: IncomingMessage, raw: Duplex, head: Buffer, principal: Principal): void {
    const offersOurs = request.headers['sec-websocket-protocol'] !== undefined;
    const handle = takeHandle(raw);
    if (handle === undefined) return;
    const socket = new ServerSocket(handle);
    socket.write(utf8(handshakeAnswer(request, offersOurs ? SUBPROTOCOL : undefined)));
    if (principal === expired) {
      socket.start(head, FRAME_BYTES_MAX, deaf, undefined);
      socket.close(closeCodes.tokenExpired, 'token expired');
      return;
    }
    socket.start(head, FRAME_BYTES_MAX, this.#events, this.#connected(socket, principal));
  }

  /** Goes on with a socket where another process has left off. */
  adopt(handle: Handle, luggage: Luggage): void {
    const { principal, text, rest } = luggage as Passed;
    const socket = new ServerSocket(handle);
    const connection = this.#connected(socket, principal);
    connection.isFresh = false;
    const most = this.#service.limits.sockets;
    if (this.#draining || (most > 0 && this.#connections.size > most))
      connection.close(closeCodes.restarting, 'this process takes no more sockets; come back');
    else this.#take(connection, text);
    socket.start(Buffer.from(rest, 'base64'), FRAME_BYTES_MAX, this.#events, connection);
  }

  #connected(socket: ServerSocket, principal: Principal): Connection {
    const { limits, world } = this.#service;
    const perSecond = limits.framesPerSocketPerSecond;
    const bucket = new Bucket(perSecond, 1_000, world.monotonicMs(), perSecond * 2);
    const connection = new Connection(this.#service, principal, socket, this.#flusher, bucket);
    this.#connections.add(connection);
    return connection;
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    this.#service.inbox.remove(connection);
    for (const session of connection.attachments.keys()) this.#rooms.leave(connection.ref(session), connection);
    connection.release();
  }

  #receive(connection: Connection, text: string | undefined): void {
    // Frames that were under way when we closed it come in all the same, and nobody could be told what became of them.
    if (!connection.isOpen) return;
    const { service } = connection;
    service.counters.framesIn += 1;
    if (service.tokens.isExpired(connection.principal)) {
      connection.close(closeCodes.tokenExpired, 'token expired');
      return;
    }
    connection.heardAt = service.world.monotonicMs();
    if (connection.principal.role === 'visitor' && !connection.bucket.take(connection.heardAt)) {
      connection.close(closeCodes.flooding, 'too many frames');
      return;
    }
    this.#take(connection, text);
  }

  #take(connection: Connection, text: string | undefined): void {
    const { service } = connection;
    const parsed = text === undefined ? undefined : parse(text);
    if (parsed === undefined) {
      connection.refuse(null, invalid('frame: expected one JSON object in a text frame'));
      return;
    }
    const frame = decode(ClientFrame, parsed);
    if (isLeft(frame)) {
      connection.refuse(idOf(parsed), invalid(sayFlaws(frame.left).replace(/^body:/, 'frame:')));
      return;
    }
    if (connection.isFresh && text !== undefined && this.#handOver(connection, frame.right, text)) return;
    const handle = this.#handlers[frame.right.type] as (each: Connection, it: ClientFrame) => void | Promise<void>;
    const handled = handle(connection, frame.right);
    if (handled instanceof Promise)
      handled.catch((error: unknown) => {
        service.logger.error({ err: error, frame: frame.right.type }, 'a frame could not be handled');
        connection.refuse(idOf(parsed), { code: 'internal', message: 'the server made a mistake; it has been logged' });
      });
  }

  /** Whether somebody else goes on with the socket, and answers this frame. */
  #handOver(connection: Connection, frame: ClientFrame, text: string): boolean {
    connection.isFresh = false;
    const { principal } = connection;
    const node = betterPlace(this.#service, principal, frame);
    if (node === undefined) return false;
    return connection.detach((handle, rest) => {
      this.#service.counters.socketsGiven += 1;
      const passed: Passed = { principal, text, rest: rest.toString('base64') };
      this.#service.handover.siblings.give(node, handle, passed, () => connection.terminate());
    });
  }

  #scheduleSweep(): () => void {
    return this.#service.world.after(SWEEP_EVERY_MS, () => {
      this.#sweep();
      this.#cancelSweep = this.#scheduleSweep();
    });
  }

  /** One look at every socket instead of timers for each: whose token has run out, who has gone silent. */
  #sweep(): void {
    const { world } = this.#service;
    const [now, nowMs] = [world.monotonicMs(), world.now()];
    for (const connection of this.#connections) {
      const silentMs = now - connection.heardAt;
      if (isExpired(connection.principal, nowMs)) connection.close(closeCodes.tokenExpired, 'token expired');
      else if (silentMs > DEAD_AFTER_MS) connection.terminate();
      else if (silentMs > PING_AFTER_MS) connection.ping();
    }
  }
}

/** Hears nothing, for a socket that is only told why it is closed. */
const deaf: SocketEvents<undefined> = {
  message: () => undefined,
  binary: () => undefined,
  pong: () => undefined,
  gone: () => undefined,
};

/** Stands for a bearer whose token has run out. */
const expired: Principal = { sub: '', role: 'visitor', tenant: '', sid: undefined, exp: 0 };

const isProblem = (admitted: Principal | Problem): admitted is Problem => 'code' in admitted;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** The frame's own id, if it can be told although the frame cannot be read. */
const idOf = (parsed: unknown): string | null =>
  typeof parsed === 'object' && parsed !== null && 'id' in parsed && typeof parsed.id === 'string' ? parsed.id : null;

const reject = (raw: Duplex, problem: Problem): void => {
  raw.on('error', destroyBroken);
  const body = JSON.stringify(problemBody(problem));
  raw.end(
    [
      `HTTP/1.1 ${statusOf[problem.code]} ${problem.code}`,
      'connection: close',
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      ...(problem.retryAfterSeconds === undefined ? [] : [`retry-after: ${problem.retryAfterSeconds}`]),
      '',
      body,
    ].join('\r\n'),
  );
};
