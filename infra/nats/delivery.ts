/** What one consumer of a stream brings, pulled ahead of the reader within a bound. */
import { AckPolicy, DeliverPolicy, type JetStreamManager } from '@nats-io/jetstream';
import { createInbox, type Msg, type NatsConnection, nanos, type Subscription } from 'nats';
import { listen } from './listen.ts';
import { STREAM } from './stream.ts';

export interface Arrived {
  readonly position: number;
  readonly message: Msg;
}

export interface DeliveryParts {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  /** The log's own unless told. */
  readonly stream?: string;
}

/**
 * Messages pulled and not yet taken: so few that hardly any of them outlives a collection of young garbage, which would copy
 * it, and enough for the way to the server and back.
 */
const AHEAD_MAX = 1_000;
/** Bytes of one pull; a second one may be under way when the first runs out. */
const PULL_BYTES_MAX = 8 * 1024 * 1024;
const PULL_EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 1_000;
/** The server says nothing for several heartbeats: the consumer, or the way to it, is gone. */
const SILENCE_MAX_MS = 3_500;
/** The server removes a consumer that nobody has pulled from for so long. */
const FORGOTTEN_AFTER_MS = 60_000;

/** What is kept of a message, made as it arrives. Must not throw. */
export type Take<A> = (arrived: Arrived) => A;

export class Delivery<A extends { readonly position: number }> {
  readonly #parts: DeliveryParts;
  readonly #name: string;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  #arrived: A[] = [];
  readonly #keep: Take<A>;
  /** Messages that the server may still send for the pulls under way. */
  #owed = 0;
  #lastDelivery = 0;
  /** Where the numbers begin in the replies, which are alike up to there; 0 before the first. */
  #numbersAt = 0;
  #pending: number;
  #broken: string | undefined;
  /** Whether the server has said anything since the wait began. */
  #heard = false;
  #wake: (() => void) | undefined;
  #waking = false;

  /** Begins behind a position, with the messages on `subjects`. */
  static async open<A extends { readonly position: number }>(
    parts: DeliveryParts,
    after: number,
    subjects: readonly string[],
    keep: Take<A>,
  ): Promise<Delivery<A>> {
    const consumer = await parts.manager.consumers.add(parts.stream ?? STREAM, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: after + 1,
      filter_subjects: [...subjects],
      inactive_threshold: nanos(FORGOTTEN_AFTER_MS),
      mem_storage: true,
      num_replicas: 1,
    });
    return new Delivery(parts, consumer.name, consumer.num_pending, keep);
  }

  private constructor(parts: DeliveryParts, name: string, pending: number, keep: Take<A>) {
    this.#parts = parts;
    this.#keep = keep;
    this.#name = name;
    this.#pending = pending;
    this.#inbox = createInbox();
    this.#subscription = listen(parts.connection, this.#inbox, (message) => this.#take(message));
    this.#pull();
  }

  /** Why nothing more will come, if so. What has arrived before can still be taken. */
  get broken(): string | undefined {
    return this.#broken;
  }

  /** Whether, as far as the server has said, everything that is stored has been handed out. */
  get drained(): boolean {
    return this.#pending === 0 && this.#arrived.length === 0;
  }

  /** What has arrived, as soon as something has; nothing when the delivery broke or was interrupted, or after a while. */
  async next(): Promise<readonly A[]> {
    if (this.#arrived.length === 0 && this.#broken === undefined) {
      this.#pull();
      await this.#something();
    }
    const taken = this.#arrived;
    this.#arrived = [];
    this.#pull();
    return taken;
  }

  /** Ends a wait in {@link next}. */
  interrupt(): void {
    this.#wake?.();
  }

  /** For good: the consumer is of no more use. */
  fail(why: string): void {
    this.#broken ??= why;
    this.#wake?.();
  }

  close(): void {
    this.fail('closed');
    if (this.#parts.connection.isClosed()) return;
    this.#subscription.unsubscribe();
    // The server forgets it by itself before long; where this fails nothing is lost.
    this.#parts.manager.consumers.delete(this.#parts.stream ?? STREAM, this.#name).catch(() => undefined);
  }

  async #something(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    this.#heard = false;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(() => {
        if (!this.#heard) this.#broken ??= 'the consumer fell silent';
        resolve();
      }, SILENCE_MAX_MS);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }

  #pull(): void {
    if (this.#broken !== undefined || this.#parts.connection.isClosed()) return;
    const batch = AHEAD_MAX - this.#arrived.length - this.#owed;
    if (this.#owed > 0 && batch < AHEAD_MAX / 2) return;
    if (batch <= 0) return;
    this.#owed += batch;
    this.#parts.connection.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${this.#parts.stream ?? STREAM}.${this.#name}`,
      JSON.stringify({
        batch,
        max_bytes: PULL_BYTES_MAX,
        expires: nanos(PULL_EXPIRES_MS),
        idle_heartbeat: nanos(HEARTBEAT_MS),
      }),
      { reply: this.#inbox },
    );
  }

  #take(message: Msg): void {
    this.#heard = true;
    const { reply = '' } = message;
    if (reply.startsWith('$JS.ACK.')) this.#takeStored(message, reply);
    else this.#takeStatus(message);
  }

  #takeStored(message: Msg, reply: string): void {
    this.#numbersAt ||= numbersAt(reply);
    const { delivery, position, pending } = placeOf(reply, this.#numbersAt);
    if (this.#broken !== undefined) return;
    if (delivery !== this.#lastDelivery + 1) {
      this.fail('a message was lost on the way');
      return;
    }
    this.#lastDelivery = delivery;
    this.#pending = pending;
    this.#owed -= 1;
    this.#arrived.push(this.#keep({ position, message }));
    if (this.#wake === undefined || this.#waking) return;
    // A moment later, so that everything that this turn of the event loop reads is one batch.
    this.#waking = true;
    setImmediate(() => {
      this.#waking = false;
      this.#wake?.();
    });
  }

  #takeStatus(message: Msg): void {
    const code = message.headers?.code ?? 0;
    const owed = Number(message.headers?.get('Nats-Pending-Messages') || Number.NaN);
    // 100 is a heartbeat: while they come, nothing is wrong and nothing is there.
    if (code === 100) return;
    if (Number.isNaN(owed)) {
      this.fail(`the consumer ended with status ${code} ${message.headers?.description ?? ''}`.trim());
      return;
    }
    this.#owed = Math.max(0, this.#owed - owed);
    this.#pull();
  }
}

/**
 * `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>[.<token>]`:
 * nine tokens, or eleven and more in the longer form. Nothing is delivered twice, so that all before the stream's seq is the
 * same in every reply.
 */
const numbersAt = (reply: string): number => {
  const tokens = reply.split('.');
  const names = tokens.slice(0, tokens.length === 9 ? 5 : 7);
  return names.join('.').length + 1;
};

const placeOf = (reply: string, from: number): { delivery: number; position: number; pending: number } => {
  const positionEnd = reply.indexOf('.', from);
  const deliveryEnd = reply.indexOf('.', positionEnd + 1);
  const timeEnd = reply.indexOf('.', deliveryEnd + 1);
  return {
    position: Number(reply.slice(from, positionEnd)),
    delivery: Number(reply.slice(positionEnd + 1, deliveryEnd)),
    pending: Number.parseInt(reply.slice(timeEnd + 1), 10),
  };
};
