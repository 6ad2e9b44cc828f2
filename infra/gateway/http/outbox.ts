/**
 * Answers of one turn of the event loop, sent together at its end. What wakes up is whoever waits for them, and that is most of
 * what sending costs: the first one wakes them, the others find them awake.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from './route.ts';

export interface Answered {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly reply: Reply;
}

export class Outbox {
  readonly #send: (answered: Answered) => void;
  #waiting: Answered[] = [];

  /** `send` must not throw. */
  constructor(send: (answered: Answered) => void) {
    this.#send = send;
  }

  add(answered: Answered): void {
    if (this.#waiting.push(answered) === 1) setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) this.#send(each);
  };
}
