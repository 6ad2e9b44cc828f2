/**
 * Ids: `milliseconds(42) | counter(12) | worker(10)`, 64 bits, printed as 13 characters of Crockford's base 32.
 * The counter stands above the worker, so ids order causally when one worker is passed what another has seen.
 * The milliseconds are Unix time and last until the year 2109. The layout is Snowflake's (Twitter, 2010) with the
 * two low fields exchanged.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js';

export const COUNTER_MAX = 0xfff;
export const WORKER_MAX = 0x3ff;
export const MILLIS_MAX = 2 ** 42 - 1;

/** The printed form: fixed width, so that string order is numeric order. */
export type Id = string;

export interface IdParts {
  /** Unix milliseconds, 0 to {@link MILLIS_MAX}. Not always the time of day: the counter's overflow moves it on. */
  readonly millis: number;
  /** 0 to {@link COUNTER_MAX}. */
  readonly counter: number;
  /** 0 to {@link WORKER_MAX}. */
  readonly worker: number;
}

export interface NotAnId {
  readonly _tag: 'NotAnId';
  readonly rule: string;
}

/** Digits in ASCII order; Crockford's alphabet leaves out I, L, O and U. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const WIDTH = 13;
/** 64 bits as two exact numbers: 24 high bits in five digits, which hold 25, and 40 low bits in eight. */
const HIGH_DIGITS = 5;
const HIGH_MAX = 0xffffff;

/** The id as 13 characters, the first of them 0 to F. Bounds are the caller's to keep. */
export const printId = ({ millis, counter, worker }: IdParts): Id =>
  idOf(Math.floor(millis / 0x40000), (millis % 0x40000) * 0x400000 + counter * 0x400 + worker);

/** Reads a printed id; anything but the 13 upper-case characters of a 64-bit number is refused. */
export const parseId = (value: string): Either<NotAnId, IdParts> => {
  if (value.length !== WIDTH) return left({ _tag: 'NotAnId', rule: `an id has ${WIDTH} characters` });
  const high = numberIn(value, 0, HIGH_DIGITS);
  const low = lowOf(value);
  if (high < 0 || low < 0) return left({ _tag: 'NotAnId', rule: `an id has only the characters ${DIGITS}` });
  if (high > HIGH_MAX) return left({ _tag: 'NotAnId', rule: 'an id has 64 bits' });
  return right({
    millis: high * 0x40000 + Math.floor(low / 0x400000),
    counter: Math.floor(low / 0x400) % 0x1000,
    worker: low % 0x400,
  });
};

/** The upper 24 of an id's 64 bits; -1 for anything that is not an id as it is printed. */
export const highOf = (value: string): number => {
  if (value.length !== WIDTH || lowOf(value) < 0) return -1;
  const high = numberIn(value, 0, HIGH_DIGITS);
  return high > HIGH_MAX ? -1 : high;
};

/** The lower 40 bits of what {@link highOf} takes for an id. */
export const lowOf = (id: Id): number => numberIn(id, HIGH_DIGITS, WIDTH);

/** The id of which these are the halves. */
export const idOf = (high: number, low: number): Id => {
  const middle = Math.floor(low / 0x100000);
  return String.fromCharCode(
    digit(high >>> 20),
    digit(high >>> 15),
    digit(high >>> 10),
    digit(high >>> 5),
    digit(high),
    digit(middle >>> 15),
    digit(middle >>> 10),
    digit(middle >>> 5),
    digit(middle),
    digit((low % 0x100000) >>> 15),
    digit((low % 0x100000) >>> 10),
    digit((low % 0x100000) >>> 5),
    digit(low % 0x20),
  );
};

const CODES = Uint8Array.from(DIGITS, (each) => each.charCodeAt(0));
const NO_DIGIT = 0xff;
/** By character code, of ASCII alone. */
const VALUES = new Uint8Array(0x80).fill(NO_DIGIT);
CODES.forEach((code, value) => {
  VALUES[code] = value;
});

/** The character of the lowest five bits. */
const digit = (value: number): number => CODES[value & 0x1f] ?? 0;

/** What the digits from one place to before another come to; -1 where one is none. */
const numberIn = (value: string, from: number, to: number): number => {
  let sum = 0;
  for (let index = from; index < to; index++) {
    const each = VALUES[value.charCodeAt(index)] ?? NO_DIGIT;
    if (each === NO_DIGIT) return -1;
    sum = sum * 0x20 + each;
  }
  return sum;
};
