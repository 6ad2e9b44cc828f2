/** Sends what the sockets have to say, all of them together. */
import { Gathering } from '../../gathering.ts';

export interface Flushable {
  /** Sends what has gathered. */
  flush(): void;
}

/** How long frames gather while others are being sent, in milliseconds. */
const GATHER_MS = 2;

export class Flusher {
  readonly #gathering: Gathering;
  #waiting: Flushable[] = [];

  constructor(monotonicMs: () => number) {
    this.#gathering = new Gathering(monotonicMs, GATHER_MS, () => this.#flush());
  }

  /** Flushes it soon, once. */
  add(flushable: Flushable): void {
    this.#waiting.push(flushable);
    this.#gathering.soon();
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each.flush();
  }
}
