/** Sends what the sockets have to say, all of them together. */
import type { Beat } from '../../beat.ts';

export interface Flushable {
  /** Sends what has gathered. */
  flush(): void;
}

export class Flusher {
  readonly #beat: Beat;
  #waiting: Flushable[] = [];

  constructor(beat: Beat) {
    this.#beat = beat;
  }

  /** Flushes it at the end of the beat, once. */
  add(flushable: Flushable): void {
    if (this.#waiting.push(flushable) === 1) this.#beat.soon(this.#flush);
  }

  readonly #flush = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each.flush();
  };
}
