/**
 * A session as its facts up to one commit left it, in a form that can be stored: what an actor goes on from instead of
 * reading everything again. Anybody may have written what is read back, so that it is decoded like any other input.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { Choices } from '../events/assistant.ts';
import {
  anyObject,
  anyText,
  Constrained,
  decode,
  integer,
  type Mixed,
  oneOf,
  orNull,
  orUndefined,
  sayFlaws,
  struct,
  type TypeOf,
} from '../events/codec.ts';
import { hash32 } from '../events/hash.ts';
import { Metadata } from '../events/metadata.ts';
import { statuses } from '../events/names.ts';
import { Pace } from '../events/pace.ts';
import { MACHINE_VERSION } from './machine-version.ts';
import { PackedReceipts, packReceipts, unpackReceipts } from './packed-receipts.ts';
import type { Memory } from './receipt-memory.ts';
import type { Mark } from './seq-index.ts';
import type { SessionContext } from './session-machine.ts';

const seq = integer(0);

/** Every key of the machine's context, because one that is not named here would be lost. */
const Context = struct({
  visitor: struct({ id: anyText }, { name: orUndefined(anyText) }),
  locale: orUndefined(anyText),
  metadata: orUndefined(Metadata),
  openedAt: integer(0),
  closedAt: orUndefined(integer(0)),
  assignee: orNull(anyText),
  visitorSeq: seq,
  answeredSeq: seq,
  turnSeq: seq,
  offer: orUndefined(struct({ seq, choices: Choices })),
  readByVisitor: seq,
  readByStaff: seq,
  score: orUndefined(integer(1, 5)),
  pace: orUndefined(Pace),
} satisfies Record<keyof SessionContext, Mixed>);

const isNumber = Number.isSafeInteger;
const listOf = <A>(expected: string, is: (each: unknown) => boolean): Constrained<readonly A[]> =>
  // One check for the list: a context for each of a thousand entries costs more than everything else.
  new Constrained(expected, {}, (value): value is readonly A[] => Array.isArray(value) && value.every(is));

const Stored = struct({
  machine: anyText,
  seq: integer(1),
  /** Unix milliseconds of the newest commit. */
  at: integer(0),
  position: integer(1),
  /** The newest commit's id: the proof that the log is still the one that the snapshot was taken from. */
  commit: anyText,
  chart: struct({
    value: oneOf(...statuses, 'unopened'),
    context: Context,
  }),
  receipts: PackedReceipts,
  marks: listOf<Mark>(
    'seqs with positions',
    (each) => Array.isArray(each) && each.length === 2 && each.every(isNumber),
  ),
});
type Stored = TypeOf<typeof Stored>;

export type Snapshot = Omit<Stored, 'receipts'> & { readonly receipts: Memory };

/** Why a stored text is no snapshot to go on from. */
export type Unusable =
  /** Taken by another version of the machine. */
  { readonly _tag: 'Outdated' } | { readonly _tag: 'Damaged'; readonly why: string };

/** JSON behind its own hash, because a changed digit would still be a digit. */
export const encodeSnapshot = (snapshot: Snapshot): string => {
  const json = JSON.stringify({ ...snapshot, receipts: packReceipts(snapshot.receipts) } satisfies Stored);
  return `${hash32(json)} ${json}`;
};

export const decodeSnapshot = (stored: string): Either<Unusable, Snapshot> => {
  const space = stored.indexOf(' ');
  const json = stored.slice(space + 1);
  if (stored.slice(0, Math.max(0, space)) !== String(hash32(json))) return damaged('it is not as it was written');
  const decoded = decode(anyObject, parse(json));
  if (isLeft(decoded)) return damaged('it is no JSON object');
  // The form of another version's snapshot is nobody's business here.
  if (decoded.right.machine !== MACHINE_VERSION) return left({ _tag: 'Outdated' });
  const snapshot = decode(Stored, decoded.right);
  if (isLeft(snapshot)) return damaged(sayFlaws(snapshot.left));
  const receipts = unpackReceipts(snapshot.right.receipts);
  return receipts === undefined ? damaged('its receipts are no numbers') : right({ ...snapshot.right, receipts });
};

const damaged = (why: string): Either<Unusable, never> => left({ _tag: 'Damaged', why });

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};
