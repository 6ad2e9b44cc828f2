/**
 * Virtual time, and the one who decides what runs next. Whatever would leave a process waits here for its turn, and the
 * dice pick among all that wait; between two turns every promise that can go on has gone on. So that one seed is one order.
 */
import type { Dice } from './dice.ts';

/** Who waits. When it has died, what it waited for never comes. */
export interface Owner {
  readonly name: string;
  alive: boolean;
}

interface Waiting {
  readonly owner: Owner;
  readonly run: () => void;
}

interface Timer extends Waiting {
  readonly dueMs: number;
}

/** Virtual milliseconds that a turn takes, at most. */
const TURN_MS_MAX = 2;
/** How often time goes on to the next timer though something else could run. */
const IMPATIENCE = 0.04;

export class Scheduler {
  readonly dice: Dice;
  /** How often what has waited longest is taken: 0 is chaos, 1 is a quiet day. */
  readonly #orderliness: number;
  #waiting: Waiting[] = [];
  readonly #timers = new Set<Timer>();
  #nowMs = 0;
  #turns = 0;

  constructor(dice: Dice, orderliness: number) {
    this.dice = dice;
    this.#orderliness = orderliness;
  }

  /** Virtual milliseconds since the beginning. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Turns taken: a clock that tells any two turns apart. */
  get turns(): number {
    return this.#turns;
  }

  /** Resolves when it is its turn; never, when the owner dies before. */
  turn(owner: Owner): Promise<void> {
    return new Promise((run) => {
      if (owner.alive) this.#waiting.push({ owner, run });
    });
  }

  after(owner: Owner, delayMs: number, run: () => void): () => void {
    const timer: Timer = { owner, run, dueMs: this.#nowMs + delayMs };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  sleep(owner: Owner, delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(owner, delayMs, resolve);
    });
  }

  /** Runs until it is over; `false` when nothing waits any more, or after `turnsMax` turns. */
  async run(isOver: () => boolean, turnsMax: number): Promise<boolean> {
    const end = this.#turns + turnsMax;
    while (this.#turns < end) {
      // In the check phase no promise is left that could go on.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (isOver()) return true;
      if (!this.#next()) return false;
    }
    return false;
  }

  #next(): boolean {
    if (this.#waiting.length === 0 || this.dice.happens(IMPATIENCE)) this.#passTime();
    for (;;) {
      const waiting = this.#take();
      if (waiting === undefined) {
        if (!this.#passTime()) return false;
      } else if (waiting.owner.alive) {
        this.#turns += 1;
        this.#nowMs += this.dice.below(TURN_MS_MAX + 1);
        waiting.run();
        return true;
      }
    }
  }

  #take(): Waiting | undefined {
    const last = this.#waiting.length - 1;
    if (last < 0) return undefined;
    if (this.dice.happens(this.#orderliness)) return this.#waiting.shift();
    const index = this.dice.below(last + 1);
    const taken = this.#waiting[index];
    const moved = this.#waiting.pop();
    if (index < last && moved !== undefined) this.#waiting[index] = moved;
    return taken;
  }

  /** Goes on to the next timer, and lets what is due by then wait for its turn. */
  #passTime(): boolean {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const timer of this.#timers) {
      if (!timer.owner.alive) this.#timers.delete(timer);
      else nextMs = Math.min(nextMs, timer.dueMs);
    }
    if (nextMs === Number.POSITIVE_INFINITY) return false;
    this.#nowMs = Math.max(this.#nowMs, nextMs);
    for (const timer of this.#timers) {
      if (timer.dueMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      this.#waiting.push(timer);
    }
    return true;
  }
}
