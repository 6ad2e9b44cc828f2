/** What goes to one subject: gathered for a beat and sent as a list, because a message between processes costs more than what is in it. */
import type { NatsConnection } from 'nats';
import type { Beat } from '../beat.ts';

/** UTF-16 units of one list; at three bytes a unit it stays under the server's usual payload limit of 1 MiB. */
const LIST_CHARS_MAX = 300_000;

export class Outgoing {
  readonly #connection: NatsConnection;
  readonly #beat: Beat;
  readonly #subject: string;
  readonly #reply: string | undefined;
  #items: string[] = [];
  #chars = 0;

  constructor(connection: NatsConnection, beat: Beat, subject: string, reply?: string) {
    this.#connection = connection;
    this.#beat = beat;
    this.#subject = subject;
    this.#reply = reply;
  }

  /** One item, as JSON. Items arrive in the order of the calls. */
  add(item: string): void {
    if (this.#chars + item.length > LIST_CHARS_MAX) this.flush();
    this.#chars += item.length;
    if (this.#items.push(item) === 1) this.#beat.soon(this.#send);
  }

  /** Sends what has gathered, before anything else is sent on the connection. */
  flush(): void {
    const items = this.#items;
    if (items.length === 0) return;
    this.#items = [];
    this.#chars = 0;
    if (this.#connection.isClosed()) return;
    const list = `[${items.join(',')}]`;
    if (this.#reply === undefined) this.#connection.publish(this.#subject, list);
    else this.#connection.publish(this.#subject, list, { reply: this.#reply });
  }

  readonly #send = (): void => this.flush();
}
