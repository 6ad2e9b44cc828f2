/**
 * Frames that wait for their answer. Each is kept until it is answered and sent again, with the same id, on the next socket
 * if the last one was lost, so that the server carries it out once however often it is sent.
 *
 * Frames of one lane go out one after the other, the next when the one before is answered: what a person said first
 * stands first, also when it is the first that has to be said again.
 */
import type { ClientFrameOf, ServerFrameOf } from '../../events/frames.ts';
import type { Ambient } from './ambient.ts';
import { unavailableDelayMs } from './backoff.ts';
import { KefuOutboxFull, KefuRefusal } from './errors.ts';
import { closeCodes } from './socket.ts';

export type Asking = ClientFrameOf<'open' | 'say' | 'do' | 'history'>;
export type Answering = ServerFrameOf<'ack' | 'history'>;

/** Frames that may wait for an answer, when the application names no bound. */
export const OUTBOX_MAX = 256;
/** How often one frame is sent again because the server was not available. With the waits between: about a minute. */
export const UNAVAILABLE_RETRIES_MAX = 10;
/** The contract's bound for one frame; a larger one would close the socket, again and again. */
const FRAME_BYTES_MAX = 64 * 1024;

interface Entry {
  readonly frame: Asking;
  readonly lane: string;
  readonly resolve: (answer: Answering) => void;
  readonly reject: (error: Error) => void;
  /** Whether it is on its way on the socket that is open now. */
  sent: boolean;
  /** How often it was refused as unavailable. */
  refusals: number;
  cancelPause: (() => void) | undefined;
}

export interface OutboxOptions {
  readonly max: number;
  readonly ambient: Ambient;
  /** False when there is no open socket. */
  readonly send: (frame: Asking) => boolean;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #byId = new Map<string, Entry>();
  readonly #lanes = new Map<string, Entry[]>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Resolves with the answer. Rejects with KefuRefusal, KefuOutboxFull, or KefuStopped when the client is closed. */
  ask(frame: Asking, lane: string): Promise<Answering> {
    const { max } = this.#options;
    if (this.#byId.size >= max) return Promise.reject(new KefuOutboxFull(max));
    if (this.#byId.has(frame.id))
      return Promise.reject(new TypeError(`the id ${frame.id} waits for an answer already`));
    if (bytesOf(frame) > FRAME_BYTES_MAX) return Promise.reject(tooLarge());
    return new Promise((resolve, reject) => {
      const entry: Entry = { frame, lane, resolve, reject, sent: false, refusals: 0, cancelPause: undefined };
      this.#byId.set(frame.id, entry);
      const queue = this.#lanes.get(lane);
      if (queue === undefined) this.#lanes.set(lane, [entry]);
      else queue.push(entry);
      this.#sendHead(lane);
    });
  }

  /** A socket is open: the first frame of each lane goes out. */
  opened(): void {
    for (const lane of this.#lanes.keys()) this.#sendHead(lane);
  }

  /** The socket is lost: whether what was on its way has arrived is not known. */
  lost(code: number): void {
    for (const entry of this.#byId.values()) {
      // Sending it again would only close the next socket too.
      if (entry.sent && code === closeCodes.frameTooLarge) this.#settle(entry, (each) => each.reject(tooLarge()));
      entry.sent = false;
    }
  }

  answered(answer: Answering): void {
    const entry = this.#byId.get(answer.id);
    if (entry !== undefined) this.#settle(entry, (each) => each.resolve(answer));
  }

  /** Whether it was a frame of this outbox that was refused. */
  refused(refusal: ServerFrameOf<'refused'>): boolean {
    const entry = refusal.id === null ? undefined : this.#byId.get(refusal.id);
    if (entry === undefined) return false;
    if (refusal.code === 'unavailable' && entry.refusals < UNAVAILABLE_RETRIES_MAX) this.#pause(entry);
    else this.#settle(entry, (each) => each.reject(new KefuRefusal(refusal)));
    return true;
  }

  /** Everything that waits is rejected. */
  stop(error: Error): void {
    const entries = [...this.#byId.values()];
    this.#byId.clear();
    this.#lanes.clear();
    for (const entry of entries) {
      entry.cancelPause?.();
      entry.reject(error);
    }
  }

  #pause(entry: Entry): void {
    const delayMs = unavailableDelayMs(entry.refusals, this.#options.ambient);
    entry.refusals += 1;
    entry.sent = false;
    entry.cancelPause = this.#options.ambient.later(delayMs, () => {
      entry.cancelPause = undefined;
      this.#sendHead(entry.lane);
    });
  }

  #sendHead(lane: string): void {
    const head = this.#lanes.get(lane)?.[0];
    if (head === undefined || head.sent || head.cancelPause !== undefined) return;
    head.sent = this.#options.send(head.frame);
  }

  #settle(entry: Entry, tell: (entry: Entry) => void): void {
    entry.cancelPause?.();
    this.#byId.delete(entry.frame.id);
    const rest = (this.#lanes.get(entry.lane) ?? []).filter((each) => each !== entry);
    if (rest.length === 0) this.#lanes.delete(entry.lane);
    else this.#lanes.set(entry.lane, rest);
    tell(entry);
    this.#sendHead(entry.lane);
  }
}

const tooLarge = (): KefuRefusal =>
  new KefuRefusal({ code: 'too_large', message: 'the frame is larger than 64 KiB; it was not taken' });

const bytesOf = (frame: Asking): number => new TextEncoder().encode(JSON.stringify(frame)).length;
