/**
 * A server's end of one WebSocket. The log, the actors and this are the path of every message, so it is Kefu's own: for a
 * small message it costs two thirds of what the package ws does.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Utf8 } from '../../../events/encoding/utf8.ts';
import { type Handle, socketOf } from '../../handles.ts';
import { type FrameEvents, FrameReader } from './frame-reader.ts';
import { closeFrame, controlFrame } from './frames-out.ts';
import { opcodes, statusCodes } from './protocol.ts';

/** What sockets tell, with whoever a socket stands for: one of these serves any number of them. */
export interface SocketEvents<Who> {
  message(who: Who, text: string): void;
  binary(who: Who): void;
  pong(who: Who): void;
  /** The connection is gone; called once. */
  gone(who: Who): void;
}

/** How long the other end gets to answer a close frame, in milliseconds. */
const CLOSE_ANSWERED_WITHIN_MS = 30_000;
/** What every socket is read into, one after the other: whatever is to stay is copied before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);
const nothing = Buffer.alloc(0);

/** Shared by all, as everything is that can be: most sockets are idle, and idle ones cost what they hold. */
export function destroyBroken(this: Duplex): void {
  this.destroy();
}

function endToo(this: Duplex): void {
  this.end();
}

export class ServerSocket {
  readonly #raw: Socket;
  readonly #handle: Handle;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #closeTimer: NodeJS.Timeout | undefined;
  #reader: FrameReader | undefined;

  /** Of a connection on which nothing but frames is read or written from now on. */
  constructor(handle: Handle) {
    this.#handle = handle;
    this.#raw = socketOf(handle, readBuffer, (bytes) => this.#reader?.push(readBuffer, bytes));
    this.#raw.on('error', destroyBroken);
    this.#raw.on('end', endToo);
  }

  /** Begins to read; `head` is what was read before. */
  start<Who>(head: Buffer, messageBytesMax: number, events: SocketEvents<Who>, who: Who): void {
    const raw = this.#raw;
    const reader = new FrameReader(messageBytesMax, new Heard(this, events, who));
    this.#reader = reader;
    raw.on('close', () => {
      this.#state = 'closed';
      clearTimeout(this.#closeTimer);
      events.gone(who);
    });
    if (head.length > 0) reader.push(head);
    // Unless it was given away for what was in there.
    if (this.isOpen) raw.resume();
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Bytes written that the kernel has not taken. */
  get waitingBytes(): number {
    return this.#raw.writableLength;
  }

  /** Writes whole frames. */
  write(frames: Utf8): void {
    if (this.#raw.writable) this.#raw.write(frames, 'latin1');
  }

  ping(): void {
    if (this.isOpen) this.write(controlFrame(opcodes.ping, nothing));
  }

  /** Takes no more frames until {@link close}. */
  pause(): void {
    this.#raw.pause();
  }

  /** Says that nothing more will come, and waits for the other end to say so too. */
  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#state = 'closing';
    this.write(closeFrame(code, reason));
    // The answer is to be heard.
    this.#raw.resume();
    this.#closeTimer = setTimeout(() => this.terminate(), CLOSE_ANSWERED_WITHIN_MS).unref();
  }

  /**
   * Lets go of the connection, so that another process can go on with it: nothing is read or written here from now on. Calls
   * back with it and with the bytes that were read and not yet taken; {@link terminate} then closes this end alone. `false`,
   * and nothing is done, while something written here has not left.
   */
  detach(take: (handle: Handle, rest: Buffer) => void): boolean {
    if (!this.isOpen || this.waitingBytes > 0 || this.#raw.destroyed) return false;
    this.#state = 'closed';
    this.#reader?.end();
    this.#raw.pause();
    // The frame being read is one of several that came together.
    queueMicrotask(() => take(this.#handle, this.#reader?.rest ?? nothing));
    return true;
  }

  terminate(): void {
    this.#raw.destroy();
  }

  /** Calls back when what was written has left, or the socket is gone. */
  onceDrained(callback: () => void): void {
    const done = (): void => {
      this.#raw.off('drain', done);
      this.#raw.off('close', done);
      callback();
    };
    this.#raw.on('drain', done);
    this.#raw.on('close', done);
  }

  pong(payload: Buffer): void {
    if (this.isOpen) this.write(controlFrame(opcodes.pong, payload));
  }

  answerClose(code: number | undefined): void {
    if (this.isOpen) this.close(code ?? statusCodes.normal, '');
    // The server ends the connection first (section 7.1.1).
    this.#raw.end();
  }

  /** Nothing more is read, and so no answer to the close frame. */
  closeBroken(code: number, rule: string): void {
    this.close(code, rule);
    this.#raw.end();
  }
}

/** What one socket's frames come to. */
class Heard<Who> implements FrameEvents {
  readonly #socket: ServerSocket;
  readonly #events: SocketEvents<Who>;
  readonly #who: Who;

  constructor(socket: ServerSocket, events: SocketEvents<Who>, who: Who) {
    this.#socket = socket;
    this.#events = events;
    this.#who = who;
  }

  text(text: string): void {
    this.#events.message(this.#who, text);
  }

  binary(): void {
    this.#events.binary(this.#who);
  }

  ping(payload: Buffer): void {
    this.#socket.pong(payload);
  }

  pong(): void {
    this.#events.pong(this.#who);
  }

  close(code: number | undefined): void {
    this.#socket.answerClose(code);
  }

  broken(code: number, rule: string): void {
    this.#socket.closeBroken(code, rule);
  }
}
