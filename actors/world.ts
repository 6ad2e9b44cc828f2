/** What actors may use of the world, as a port: real in `infra/`, virtual in tests. */
import type { Either } from 'fp-ts/lib/Either.js';
import type { IdRefusal } from '../events/id-generator.ts';
import type { Id, IdParts } from '../events/ids.ts';

export interface World {
  /** Unix milliseconds; may be set back at any time. */
  readonly now: () => number;
  /** Milliseconds from an arbitrary start, which never go back. */
  readonly monotonicMs: () => number;
  /** An id nobody has had; greater than `seen` where that is given. */
  readonly freshId: (seen?: IdParts) => Either<IdRefusal, Id>;
  /** Calls back once, after at least so many milliseconds; the answer cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
  /** Something went wrong that nobody is waiting to hear: one line for the log, ids but no texts. */
  readonly report: (trouble: string, detail: Readonly<Record<string, unknown>>) => void;
}
