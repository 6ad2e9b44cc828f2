/**
 * Where each process has stored its commits, told to the others: a few numbers for what the server would otherwise have to look
 * up and send. What is lost on the way costs reading from the server for a while.
 */
import { createInbox, type NatsConnection, type Subscription } from 'nats';
import type { KnownCommits } from './known-commits.ts';
import { listen } from './listen.ts';

const SUBJECT = 'kefu.stored';
/** How long claims gather, in milliseconds; the projector looks no more often. */
const GATHER_MS = 20;

/** Whose they are, then position and shard of each. */
type Message = readonly [author: string, ...numbers: number[]];

export class Claims {
  readonly #connection: NatsConnection;
  readonly #known: KnownCommits;
  /** A name that nobody else has. */
  readonly #author = createInbox();
  #numbers: number[] = [];
  #subscription: Subscription | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: NatsConnection, known: KnownCommits) {
    this.#connection = connection;
    this.#known = known;
  }

  /** This process has stored a commit of the shard there. */
  add(position: number, shard: number): void {
    this.#numbers.push(position, shard);
    this.#timer ??= setTimeout(this.#send, GATHER_MS).unref();
  }

  /** From now on what others claim is known here. */
  listen(): void {
    this.#subscription ??= listen(this.#connection, SUBJECT, (message) => {
      const [author, ...numbers] = message.json<Message>();
      if (author === this.#author) return;
      for (let at = 0; at < numbers.length; at += 2) this.#known.claimed(numbers[at] ?? 0, numbers[at + 1] ?? 0);
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#subscription?.unsubscribe();
  }

  readonly #send = (): void => {
    this.#timer = undefined;
    const numbers = this.#numbers;
    this.#numbers = [];
    if (!this.#connection.isClosed())
      this.#connection.publish(SUBJECT, JSON.stringify([this.#author, ...numbers] satisfies Message));
  };
}
