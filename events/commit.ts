/** Facts stored together: the body of one log message. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import * as t from 'io-ts';
import { Constrained, decode, type Flaw, integer, struct, text } from './codec.ts';
import { Fact } from './facts.ts';
import { Name } from './names.ts';
import { upcast } from './upcast.ts';

/** The version of the commit's form that this code writes. */
export const COMMIT_VERSION = 1;

export interface Commit {
  readonly v: typeof COMMIT_VERSION;
  readonly session: string;
  /** The seq of the first event; the others follow without a gap. */
  readonly seq: number;
  /** This commit's own id: the same append sent again carries it again. */
  readonly commit: string;
  /** Unix milliseconds; never earlier than the session's commit before. */
  readonly at: number;
  readonly events: NonEmptyArray<Fact>;
}

/** A commit with its place in the log. */
export interface Stored {
  readonly tenant: string;
  /** Its place in the whole log: a positive integer that only ever grows. */
  readonly position: number;
  readonly commit: Commit;
}

const facts = t.array(Fact);
const Facts = new Constrained<NonEmptyArray<Fact>>(
  'at least one fact',
  { type: 'array', minItems: 1 },
  (value): value is NonEmptyArray<Fact> => Array.isArray(value) && value.length > 0,
);
const Body = struct({
  v: t.literal(COMMIT_VERSION),
  session: Name,
  seq: integer(1),
  commit: text(64),
  at: integer(0),
  events: t.intersection([Facts, facts]),
});

export const lastSeq = (commit: Commit): number => commit.seq + commit.events.length - 1;

/** Reads a stored body of this or an older form. */
export const decodeCommit = (body: string): Either<NonEmptyArray<Flaw>, Commit> => {
  const parsed = parseJson(body);
  if (isLeft(parsed)) return parsed;
  return decode(Body, upcast(parsed.right));
};

const parseJson = (body: string): Either<NonEmptyArray<Flaw>, unknown> => {
  try {
    return right(JSON.parse(body));
  } catch {
    return left([{ path: '', expected: 'JSON' }]);
  }
};
