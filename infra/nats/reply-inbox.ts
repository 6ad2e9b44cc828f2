/** One subscription that all replies of a kind come to, told apart by the last token of their subject. */
import { createInbox, type Msg, type NatsConnection, type Subscription } from 'nats';

/** A subscription and its bookkeeping cost more than a request; this way a request costs one entry in a map. */
export class ReplyInbox<T> {
  readonly #prefix: string;
  readonly #subscription: Subscription;
  readonly #waiting = new Map<string, T>();
  #count = 0;

  /** `take` gets every reply whose token is still waited for; replies that come too late are dropped. */
  constructor(connection: NatsConnection, take: (waiting: T, reply: Msg, token: string) => void) {
    this.#prefix = `${createInbox()}.`;
    this.#subscription = connection.subscribe(`${this.#prefix}*`, {
      callback: (error, reply) => {
        if (error !== null) return;
        const token = reply.subject.slice(this.#prefix.length);
        const waiting = this.#waiting.get(token);
        if (waiting !== undefined) take(waiting, reply, token);
      },
    });
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Every one that waits, with its token, oldest first. */
  get waiting(): ReadonlyMap<string, T> {
    return this.#waiting;
  }

  add(waiting: T): string {
    this.#count += 1;
    const token = this.#count.toString(36);
    this.#waiting.set(token, waiting);
    return token;
  }

  subjectOf(token: string): string {
    return this.#prefix + token;
  }

  forget(token: string): void {
    this.#waiting.delete(token);
  }

  close(): void {
    this.#subscription.unsubscribe();
  }
}
