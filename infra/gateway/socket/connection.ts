/** One socket: what it may, what it has joined, and everything that is written to it. */
import type { Attachment } from '../../../actors/attach.ts';
import type { Audience } from '../../../events/audience.ts';
import { type Utf8, utf8 } from '../../../events/encoding/utf8.ts';
import type { Person } from '../../../events/facts.ts';
import { closeCodes, type ServerFrame } from '../../../events/frames.ts';
import type { SessionRef } from '../../../events/names.ts';
import type { Handle } from '../../handles.ts';
import { audienceOf, type Principal, personOf } from '../principal.ts';
import { type Problem } from '../problem.ts';
import type { Bucket } from '../rate.ts';
import type { Service } from '../service.ts';
import { textFrame } from '../websocket/frames-out.ts';
import type { ServerSocket } from '../websocket/server-socket.ts';
import type { Flushable, Flusher } from './flusher.ts';

/** Bytes that may wait for the kernel before a replay pauses. */
const REPLAY_PAUSE_BYTES = 256 * 1024;
/** How long too slow a reader may take to learn that it was too slow, in milliseconds. */
const SLOW_READER_GRACE_MS = 10_000;

const none = utf8('');

export class Connection implements Flushable {
  readonly principal: Principal;
  readonly audience: Audience;
  /** Whoever the token is of, as facts name them. */
  readonly person: Person;
  readonly service: Service;
  readonly bucket: Bucket;
  /** By session. */
  readonly attachments = new Map<string, Attachment>();
  /** Whether no frame of it has been taken yet. */
  isFresh = true;
  /** Monotonic milliseconds of the last sign of life. */
  heardAt: number;
  readonly #socket: ServerSocket;
  readonly #flusher: Flusher;
  /** Frames that leave with the next flush. */
  #waiting = none;

  constructor(service: Service, principal: Principal, socket: ServerSocket, flusher: Flusher, bucket: Bucket) {
    this.service = service;
    this.principal = principal;
    this.audience = audienceOf(principal);
    this.person = personOf(principal);
    this.bucket = bucket;
    this.heardAt = service.world.monotonicMs();
    this.#socket = socket;
    this.#flusher = flusher;
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  ref(session: string): SessionRef {
    return { tenant: this.principal.tenant, session };
  }

  send(frame: ServerFrame): void {
    this.write(textFrame(JSON.stringify(frame)));
  }

  /** Writes an encoded frame, with whatever else is written before the next flush. */
  write(frame: Utf8): void {
    if (!this.isOpen) return;
    this.service.counters.framesOut += 1;
    if (this.#waiting === none) this.#flusher.add(this);
    this.#waiting = (this.#waiting + frame) as Utf8;
  }

  flush(): void {
    const waiting = this.#waiting;
    if (waiting === none) return;
    this.#waiting = none;
    this.#socket.write(waiting);
    const most = this.service.limits.socketBufferBytes;
    if (most > 0 && this.#socket.waitingBytes > most) this.close(closeCodes.slowReader, 'too slow a reader');
  }

  refuse(id: string | null, { code, reason, message }: Problem): void {
    this.send({ type: 'refused', id, code, ...(reason === undefined ? {} : { reason }), message });
  }

  /** Resolves when what was written has mostly left, or the socket is gone. */
  writable(): Promise<void> {
    this.flush();
    if (this.#socket.waitingBytes < REPLAY_PAUSE_BYTES) return Promise.resolve();
    return new Promise((resolve) => this.#socket.onceDrained(resolve));
  }

  ping(): void {
    this.#socket.ping();
  }

  /** Takes no more frames, while those taken are still answered; closing ends it. */
  pause(): void {
    this.#socket.pause();
  }

  /** Nothing more goes out behind the close frame. */
  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    // Without a look at the buffer's bound: whoever is closed for it is on this way already.
    if (this.#waiting !== none) this.#socket.write(this.#waiting);
    this.#waiting = none;
    this.#socket.close(code, reason);
    for (const attachment of this.attachments.values()) attachment.stop();
    // The close frame stands behind everything that the reader has not taken: it gets a while to come that far.
    if (code === closeCodes.slowReader) this.service.world.after(SLOW_READER_GRACE_MS, () => this.#socket.terminate());
  }

  /** Gives the connection away, with what came behind the frame that is being taken; `false` when it cannot be given. */
  detach(take: (handle: Handle, rest: Buffer) => void): boolean {
    return this.#waiting.length === 0 && this.#socket.detach(take);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Lets go of everything the socket held. */
  release(): void {
    for (const attachment of this.attachments.values()) attachment.stop();
    this.attachments.clear();
  }
}
