/** One socket: what it may, what it has joined, and everything that is written to it. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Attachment } from '../../../actors/attach.ts';
import type { Audience } from '../../../events/audience.ts';
import { closeCodes, type ServerFrame } from '../../../events/frames.ts';
import type { SessionRef } from '../../../events/names.ts';
import { audienceOf, type Principal } from '../principal.ts';
import { type Problem } from '../problem.ts';
import type { Bucket } from '../rate.ts';
import type { Service } from '../service.ts';

/** Bytes that may wait for the kernel before a replay pauses. */
const REPLAY_PAUSE_BYTES = 256 * 1024;
/** How long too slow a reader may take to learn that it was too slow, in milliseconds. */
const SLOW_READER_GRACE_MS = 10_000;

export class Connection {
  readonly principal: Principal;
  readonly audience: Audience;
  readonly service: Service;
  readonly bucket: Bucket;
  /** By session. */
  readonly attachments = new Map<string, Attachment>();
  /** Monotonic milliseconds of the last sign of life. */
  heardAt: number;
  readonly #ws: WebSocket;
  readonly #raw: Duplex;
  #corked = false;

  constructor(service: Service, principal: Principal, ws: WebSocket, raw: Duplex, bucket: Bucket) {
    this.service = service;
    this.principal = principal;
    this.audience = audienceOf(principal);
    this.bucket = bucket;
    this.heardAt = service.world.monotonicMs();
    this.#ws = ws;
    this.#raw = raw;
  }

  get isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  ref(session: string): SessionRef {
    return { tenant: this.principal.tenant, session };
  }

  send(frame: ServerFrame): void {
    this.write(JSON.stringify(frame));
  }

  /** Writes an encoded frame. Frames of one turn of the event loop leave in one system call. */
  write(frame: string): void {
    if (!this.isOpen) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#raw.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#raw.uncork();
        const most = this.service.limits.socketBufferBytes;
        if (most > 0 && this.#raw.writableLength > most) this.close(closeCodes.slowReader, 'too slow a reader');
      });
    }
    this.service.counters.framesOut += 1;
    this.#ws.send(frame);
  }

  refuse(id: string | null, { code, reason, message }: Problem): void {
    this.send({ type: 'refused', id, code, ...(reason === undefined ? {} : { reason }), message });
  }

  /** Resolves when what was written has mostly left, or the socket is gone. */
  writable(): Promise<void> {
    if (this.#raw.writableLength < REPLAY_PAUSE_BYTES || this.#raw.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#raw.off('drain', done);
        this.#raw.off('close', done);
        resolve();
      };
      this.#raw.on('drain', done);
      this.#raw.on('close', done);
    });
  }

  ping(): void {
    this.#ws.ping();
  }

  /** Takes no more frames, while those taken are still answered; closing ends it. */
  pause(): void {
    this.#ws.pause();
  }

  /** Nothing more goes out behind the close frame. */
  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#ws.close(code, reason);
    // A closing handshake has an answer to be heard.
    this.#ws.resume();
    for (const attachment of this.attachments.values()) attachment.stop();
    // The close frame stands behind everything that the reader has not taken: it gets a while to come that far.
    if (code === closeCodes.slowReader) this.service.world.after(SLOW_READER_GRACE_MS, () => this.#ws.terminate());
  }

  terminate(): void {
    this.#ws.terminate();
  }

  /** Lets go of everything the socket held. */
  release(): void {
    for (const attachment of this.attachments.values()) attachment.stop();
    this.attachments.clear();
  }
}
