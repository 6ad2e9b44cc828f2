/**
 * A server's end of one WebSocket. The log, the actors and this are the path of every message, so it is Kefu's own: for a
 * small message it costs two thirds of what the package ws does.
 */
import type { Duplex } from 'node:stream';
import { FrameReader } from './frame-reader.ts';
import { closeFrame, controlFrame } from './frames-out.ts';
import { opcodes, statusCodes } from './protocol.ts';

export interface SocketEvents {
  message(text: string): void;
  binary(): void;
  pong(): void;
  /** The connection is gone; called once. */
  gone(): void;
}

/** How long the other end gets to answer a close frame, in milliseconds. */
const CLOSE_ANSWERED_WITHIN_MS = 30_000;
const nothing = Buffer.alloc(0);

export class ServerSocket {
  readonly #raw: Duplex;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #closeTimer: NodeJS.Timeout | undefined;

  /** `raw` is a connection whose upgrade has been answered, and of which nothing has been read since. */
  constructor(raw: Duplex) {
    this.#raw = raw;
    raw.on('error', () => raw.destroy());
    raw.on('end', () => raw.end());
    raw.on('close', () => {
      this.#state = 'closed';
      clearTimeout(this.#closeTimer);
    });
  }

  /** Begins to read; `head` is what came right behind the request. */
  start(head: Buffer, messageBytesMax: number, events: SocketEvents): void {
    const raw = this.#raw;
    const reader = new FrameReader(messageBytesMax, {
      text: (text) => events.message(text),
      binary: () => events.binary(),
      ping: (payload) => {
        if (this.isOpen) this.write(controlFrame(opcodes.pong, payload));
      },
      pong: () => events.pong(),
      close: (code) => this.#answerClose(code),
      broken: (code, rule) => {
        this.close(code, rule);
        // Nothing more is read, and so no answer to the close frame.
        raw.end();
      },
    });
    raw.on('close', () => events.gone());
    raw.on('data', (chunk: Buffer) => reader.push(chunk));
    if (head.length > 0) reader.push(head);
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Bytes written that the kernel has not taken. */
  get waitingBytes(): number {
    return this.#raw.writableLength;
  }

  /** Writes whole frames. */
  write(frames: Buffer): void {
    if (this.#raw.writable) this.#raw.write(frames);
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

  #answerClose(code: number | undefined): void {
    if (this.isOpen) this.close(code ?? statusCodes.normal, '');
    // The server ends the connection first (section 7.1.1).
    this.#raw.end();
  }
}
