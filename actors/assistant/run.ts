/** One session's question while it is being thought about. */
import type { SessionRef } from '../../events/names.ts';

export class Run {
  readonly ref: SessionRef;
  /** When it was first asked, in monotonic milliseconds. */
  readonly since: number;
  #controller = new AbortController();
  #rounds = 0;
  /** What was read, and up to where the visitor was heard since. */
  #basedOn = 0;
  #heard = 0;
  #isEnded = false;
  #isAskedAgain = false;

  constructor(ref: SessionRef, since: number) {
    this.ref = ref;
    this.since = since;
  }

  /** How often it was thought about. */
  get rounds(): number {
    return this.#rounds;
  }

  /** The visitor's newest message that was heard of has this seq. */
  get heard(): number {
    return this.#heard;
  }

  /** Whether it is not the assistant's question any more. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether there is something that was not read, or it has become the assistant's question again. */
  get isWanted(): boolean {
    return this.#isAskedAgain || (!this.#isEnded && this.#heard > this.#basedOn);
  }

  /** Thinks about everything up to `basedOn`. The signal is raised when that is not all any more. */
  begin(basedOn: number): AbortSignal {
    this.#rounds += 1;
    this.#basedOn = basedOn;
    this.#controller = new AbortController();
    if (this.#isEnded || this.#heard > basedOn) this.#controller.abort();
    return this.#controller.signal;
  }

  /** The visitor's newest message has this seq. */
  hear(seq: number): void {
    if (this.#isEnded) this.#isAskedAgain = true;
    this.#heard = Math.max(this.#heard, seq);
    if (seq > this.#basedOn) this.#controller.abort();
  }

  end(): void {
    this.#isEnded = true;
    this.#controller.abort();
  }
}
