/**
 * One session's commands on their way to whoever serves it. They leave in the order they came and none waits for another;
 * when one is not taken, all that have no answer yet go again, in order: their ids make that harmless.
 */
import type { Ask } from '../../actors/decide.ts';
import type { Answer } from '../../actors/session-actor.ts';

export interface Waiting {
  readonly ask: Ask;
  readonly answer: (answer: Answer) => void;
  /** Monotonic milliseconds. */
  readonly deadline: number;
}

export type Sent = Answer | 'not-taken';

export interface LaneParts {
  /** Sends one command to whoever serves the session now; never rejects. */
  readonly send: (ask: Ask, deadline: number) => Promise<Sent>;
  /** Resolves when another try makes sense. */
  readonly change: () => Promise<void>;
  readonly monotonicMs: () => number;
  /** Called when nothing waits any more. */
  readonly done: () => void;
}

const late: Answer = {
  _tag: 'Left',
  left: { _tag: 'Unavailable', why: 'nobody serves this session right now; try again with the same id' },
};

export class Lane {
  readonly #parts: LaneParts;
  #waiting: Waiting[] = [];
  /** Grows with every round of sending; answers of an earlier round that say "not taken" are of no interest. */
  #round = 0;
  #stalled = false;

  constructor(parts: LaneParts) {
    this.#parts = parts;
  }

  get length(): number {
    return this.#waiting.length;
  }

  add(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (!this.#stalled) this.#send(waiting, this.#round);
  }

  #send(waiting: Waiting, round: number): void {
    void this.#parts.send(waiting.ask, waiting.deadline).then((sent) => {
      if (!this.#waiting.includes(waiting)) return;
      if (sent !== 'not-taken') this.#settle(waiting, sent);
      else if (round === this.#round && !this.#stalled) void this.#stall();
    });
  }

  #settle(waiting: Waiting, answer: Answer): void {
    this.#waiting = this.#waiting.filter((each) => each !== waiting);
    waiting.answer(answer);
    if (this.#waiting.length === 0) this.#parts.done();
  }

  async #stall(): Promise<void> {
    this.#stalled = true;
    await this.#parts.change();
    const now = this.#parts.monotonicMs();
    for (const waiting of this.#waiting.filter(({ deadline }) => deadline <= now)) this.#settle(waiting, late);
    this.#stalled = false;
    this.#round += 1;
    for (const waiting of this.#waiting) this.#send(waiting, this.#round);
  }
}
