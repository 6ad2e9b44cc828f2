/** One subscription that all replies of a kind come to, told apart by the last token of their subject. */
import { createInbox, type Msg, type NatsConnection, type Subscription } from 'nats';
import { listen } from './listen.ts';

/** A subscription and its bookkeeping cost more than a request; this way a request costs one entry in a map. */
export class ReplyInbox<T> {
  readonly #prefix: string;
  readonly #subscription: Subscription;
  readonly #waiting = new Map<number, T>();
  #count = 0;

  /** `take` gets every reply whose token is still waited for; replies that come too late are dropped. */
  constructor(connection: NatsConnection, take: (waiting: T, reply: Msg, token: number) => void) {
    this.#prefix = `${createInbox()}.`;
    this.#subscription = listen(connection, `${this.#prefix}*`, (reply) => {
      const token = tokenOf(reply.subject, this.#prefix.length);
      const waiting = this.#waiting.get(token);
      if (waiting !== undefined) take(waiting, reply, token);
    });
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Every one that waits, with its token, oldest first. */
  get waiting(): ReadonlyMap<number, T> {
    return this.#waiting;
  }

  add(waiting: T): number {
    // A small integer, which costs a map no hash of a string; long before it comes round again its first bearer is forgotten.
    this.#count = (this.#count + 1) % COUNT_END;
    this.#waiting.set(this.#count, waiting);
    return this.#count;
  }

  subjectOf(token: number): string {
    return this.#prefix + token;
  }

  forget(token: number): void {
    this.#waiting.delete(token);
  }

  close(): void {
    this.#subscription.unsubscribe();
  }
}

const COUNT_END = 2 ** 30;
const ZERO = 48;

/** The decimal digits from `start` to the end. */
const tokenOf = (subject: string, start: number): number => {
  let token = 0;
  for (let at = start; at < subject.length; at++) token = token * 10 + subject.charCodeAt(at) - ZERO;
  return token;
};
