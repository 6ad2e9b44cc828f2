/** Issues strictly increasing ids, whatever the clock does: it never waits and never goes back. */
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { COUNTER_MAX, type Id, type IdParts, MILLIS_MAX, printId, WORKER_MAX } from './ids.ts';
import { invariant } from './invariant.ts';

/** How far ahead of everything known here a seen id may be, in milliseconds. */
export const SEEN_AHEAD_MAX_MS = 60 * 60 * 1000;

export type IdRefusal =
  /** The durable ceiling was not raised in time; an id above it might be issued twice. */
  | { readonly _tag: 'CeilingReached'; readonly ceiling: number }
  /** Following this id would drag every later id into the far future. */
  | { readonly _tag: 'SeenTooFarAhead'; readonly aheadMs: number };

/**
 * A worker's range of ids. The owner of the worker's slot makes one at `max(now, ceiling)` after it has durably raised
 * the ceiling, so that ranges of different owners never meet.
 */
export class IdGenerator {
  readonly #worker: number;
  readonly #now: () => number;
  #millis: number;
  #counter: number;
  #ceiling: number;

  /** `start` is the first millisecond it may use, `ceiling` the first it may not, both Unix milliseconds. */
  constructor(worker: number, start: number, ceiling: number, now: () => number) {
    invariant(Number.isInteger(worker) && worker >= 0 && worker <= WORKER_MAX, 'a worker number has 10 bits');
    this.#worker = worker;
    this.#now = now;
    this.#millis = start;
    this.#counter = -1;
    this.#ceiling = ceiling;
  }

  /** The highest millisecond used so far: what the ceiling must stay ahead of. */
  get highest(): number {
    return this.#millis;
  }

  get ceiling(): number {
    return this.#ceiling;
  }

  /** Allows ids up to a ceiling that has been stored durably. */
  raise(ceiling: number): void {
    invariant(ceiling >= this.#ceiling, 'a ceiling only rises');
    this.#ceiling = Math.min(ceiling, MILLIS_MAX + 1);
  }

  /** The successor of the greater of (highest issued) and (seen) in (millis, counter) order, or (now, 0) if that is later. */
  next(seen?: IdParts): Either<IdRefusal, Id> {
    const now = this.#now();
    let millis = this.#millis;
    let counter = this.#counter;
    if (seen !== undefined && (seen.millis > millis || (seen.millis === millis && seen.counter > counter))) {
      const aheadMs = seen.millis - Math.max(now, millis);
      if (aheadMs > SEEN_AHEAD_MAX_MS) return left({ _tag: 'SeenTooFarAhead', aheadMs });
      ({ millis, counter } = seen);
    }
    if (now > millis) {
      millis = now;
      counter = 0;
    } else if (counter < COUNTER_MAX) {
      counter += 1;
    } else {
      millis += 1;
      counter = 0;
    }
    if (millis >= this.#ceiling) return left({ _tag: 'CeilingReached', ceiling: this.#ceiling });
    this.#millis = millis;
    this.#counter = counter;
    return right(printId({ millis, counter, worker: this.#worker }));
  }
}
