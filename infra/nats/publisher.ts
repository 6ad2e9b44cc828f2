/**
 * Pipelined publishing over core NATS: all replies come to one inbox, one timer serves all time-outs, and what one turn of
 * the event loop brings goes out in one write. `js.publish` costs four times as much.
 */
import type { Msg, NatsConnection } from 'nats';
import type { Beat } from '../beat.ts';
import type { Clock } from '../clock.ts';
import { appendHeaders } from './append-headers.ts';
import type { Connectivity } from './connectivity.ts';
import { ReplyInbox } from './reply-inbox.ts';
import { STREAM } from './stream.ts';

export type PublishOutcome =
  | { readonly _tag: 'Acknowledged'; readonly position: number; readonly duplicate: boolean }
  /** JetStream's own answer, by its error code. */
  | { readonly _tag: 'Refused'; readonly code: number; readonly why: string }
  /** No answer came, or none of JetStream's. It may be stored all the same. */
  | { readonly _tag: 'Unknown'; readonly why: string };

export interface Publication {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly expected: number;
  readonly id: string;
  /** Monotonic milliseconds at which nobody waits any longer. */
  readonly deadline: number;
  /** Called exactly once, later. */
  readonly done: (outcome: PublishOutcome) => void;
}

interface Sent {
  readonly publication: Publication;
  /** Monotonic milliseconds. */
  readonly expires: number;
}

/** Messages sent and not yet answered; what is beyond waits here, in order. */
const IN_FLIGHT_MAX = 4_096;
const IN_FLIGHT_BYTES_MAX = 16 * 1024 * 1024;
/** Messages waiting to be sent; what is beyond is told so at once. */
const QUEUED_MAX = 100_000;
/** After so long without an answer the same message is worth sending again. */
const ATTEMPT_MS = 2_000;
const EXPIRY_EVERY_MS = 100;

export class Publisher {
  readonly #connection: NatsConnection;
  readonly #connectivity: Connectivity;
  readonly #clock: Clock;
  readonly #inbox: ReplyInbox<Sent>;
  readonly #stopListening: () => void;
  readonly #beat: Beat;
  #isDue = false;
  #queue: Publication[] = [];
  #bytes = 0;
  #closed = false;
  #expiry: NodeJS.Timeout | undefined;

  constructor(connection: NatsConnection, connectivity: Connectivity, clock: Clock, beat: Beat) {
    this.#connection = connection;
    this.#connectivity = connectivity;
    this.#clock = clock;
    this.#inbox = new ReplyInbox(connection, (sent, reply, token) => this.#settle(token, sent, outcomeOf(reply)));
    this.#beat = beat;
    this.#stopListening = connectivity.listen({
      lost: () => this.#lost('the connection to NATS was lost'),
      regained: () => this.#schedule(),
    });
  }

  /** Messages of one caller go out in the order of the calls. */
  publish(publication: Publication): void {
    if (this.#closed || this.#queue.length >= QUEUED_MAX) {
      const why = this.#closed ? 'the log is closing' : 'too many appends are waiting for NATS';
      queueMicrotask(() => publication.done({ _tag: 'Unknown', why }));
      return;
    }
    this.#queue.push(publication);
    this.#expiry ??= setInterval(() => this.#expire(), EXPIRY_EVERY_MS).unref();
    this.#schedule();
  }

  /** Whoever still waits learns nothing more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    this.#lost('the log is closing');
    const queue = this.#queue;
    this.#queue = [];
    for (const { done } of queue) done({ _tag: 'Unknown', why: 'the log is closing' });
    clearInterval(this.#expiry);
    this.#inbox.close();
  }

  #schedule(): void {
    if (this.#isDue || this.#queue.length === 0) return;
    this.#isDue = true;
    this.#beat.soon(this.#send);
  }

  readonly #send = (): void => {
    this.#isDue = false;
    if (this.#closed || !this.#connectivity.up) return;
    const now = this.#clock.monotonicMs();
    let taken = 0;
    const queue = this.#queue;
    for (const publication of queue) {
      if (this.#inbox.waiting.size >= IN_FLIGHT_MAX || this.#bytes >= IN_FLIGHT_BYTES_MAX) break;
      taken += 1;
      this.#sendOne(publication, now);
    }
    if (taken > 0) this.#queue = taken === queue.length ? [] : queue.slice(taken);
  };

  #sendOne(publication: Publication, now: number): void {
    const sent = { publication, expires: Math.min(now + ATTEMPT_MS, publication.deadline) };
    const token = this.#inbox.add(sent);
    this.#bytes += publication.body.length;
    try {
      this.#connection.publish(publication.subject, publication.body, {
        reply: this.#inbox.subjectOf(token),
        headers: appendHeaders(publication.expected, publication.id),
      });
    } catch (error) {
      this.#settle(token, sent, { _tag: 'Unknown', why: error instanceof Error ? error.message : String(error) });
    }
  }

  #settle(token: number, { publication }: Sent, outcome: PublishOutcome): void {
    this.#inbox.forget(token);
    this.#bytes -= publication.body.length;
    this.#schedule();
    publication.done(outcome);
  }

  #lost(why: string): void {
    for (const { token, waiting } of this.#inbox.waiting.all) this.#settle(token, waiting, { _tag: 'Unknown', why });
  }

  #expire(): void {
    const now = this.#clock.monotonicMs();
    for (const { token, waiting } of this.#inbox.waiting.all) {
      if (waiting.expires <= now) this.#settle(token, waiting, { _tag: 'Unknown', why: 'NATS did not answer in time' });
    }
    const late = this.#queue.filter(({ deadline }) => deadline <= now);
    if (late.length > 0) this.#queue = this.#queue.filter(({ deadline }) => deadline > now);
    for (const { done } of late) done({ _tag: 'Unknown', why: 'there was no connection to NATS' });
    if (this.#queue.length > 0 || this.#inbox.waiting.size > 0) return;
    clearInterval(this.#expiry);
    this.#expiry = undefined;
  }
}

interface Ack {
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code?: number; readonly code?: number; readonly description?: string };
}

const outcomeOf = (reply: Msg): PublishOutcome => {
  const position = plainAck(reply.data);
  if (position > 0) return { _tag: 'Acknowledged', position, duplicate: false };
  const text = reply.string();
  if (text === '') {
    // A status without a body: 503 when no stream listens to the subject, as while its leader is being elected.
    return { _tag: 'Unknown', why: `no stream took the message (status ${reply.headers?.code ?? 0})` };
  }
  let ack: Ack;
  try {
    ack = JSON.parse(text) as Ack;
  } catch {
    return { _tag: 'Unknown', why: 'the answer is not JSON, so it is not from JetStream' };
  }
  if (ack.error !== undefined) {
    const { err_code, code, description } = ack.error;
    return { _tag: 'Refused', code: err_code ?? code ?? 0, why: description ?? 'no reason given' };
  }
  return typeof ack.seq === 'number' && ack.seq > 0
    ? { _tag: 'Acknowledged', position: ack.seq, duplicate: ack.duplicate === true }
    : { _tag: 'Unknown', why: 'the answer names no sequence' };
};

const PLAIN = Buffer.from(`{"stream":"${STREAM}", "seq":`);
const [ZERO = 0, NINE = 0, BRACE = 0] = Buffer.from('09}');

/**
 * The position in the answer that nearly every append gets, read from its bytes; 0 for any other answer. The server writes it
 * with a space behind the stream's name.
 */
const plainAck = (data: Uint8Array): number => {
  const end = data.length - 1;
  if (end <= PLAIN.length || data[end] !== BRACE) return 0;
  for (let at = 0; at < PLAIN.length; at++) if (data[at] !== PLAIN[at]) return 0;
  let position = 0;
  for (let at = PLAIN.length; at < end; at++) {
    const digit = data[at] ?? 0;
    if (digit < ZERO || digit > NINE) return 0;
    position = position * 10 + digit - ZERO;
  }
  return position;
};
