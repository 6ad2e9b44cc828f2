/** One subscription that all replies of a kind come to, told apart by the last token of their subject. */
import { createInbox, type Msg, type NatsConnection, type Subscription } from 'nats';
import { Waiting } from '../waiting.ts';
import { listen } from './listen.ts';

/** A subscription and its bookkeeping cost more than a request; this way a request costs one place in a ring. */
export class ReplyInbox<T> {
  readonly #prefix: string;
  readonly #subscription: Subscription;
  readonly #waiting = new Waiting<T>();

  /** `take` gets every reply whose token is still waited for; replies that come too late are dropped. */
  constructor(connection: NatsConnection, take: (waiting: T, reply: Msg, token: number) => void) {
    this.#prefix = `${createInbox()}.`;
    this.#subscription = listen(connection, `${this.#prefix}*`, (reply) => {
      const token = tokenOf(reply.subject, this.#prefix.length);
      const waiting = this.#waiting.get(token);
      if (waiting !== undefined) take(waiting, reply, token);
    });
  }

  /** Whose reply has not come. */
  get waiting(): Pick<Waiting<T>, 'size' | 'all'> {
    return this.#waiting;
  }

  add(waiting: T): number {
    return this.#waiting.add(waiting);
  }

  subjectOf(token: number): string {
    return this.#prefix + token;
  }

  forget(token: number): void {
    this.#waiting.forget(token);
  }

  close(): void {
    this.#subscription.unsubscribe();
  }
}

const ZERO = 48;

/** The decimal digits from `start` to the end. */
const tokenOf = (subject: string, start: number): number => {
  let token = 0;
  for (let at = start; at < subject.length; at++) token = token * 10 + subject.charCodeAt(at) - ZERO;
  return token;
};
