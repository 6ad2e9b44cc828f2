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
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));

/** The id as 13 characters, the first of them 0 to F. Bounds are the caller's to keep. */
export const printId = ({ millis, counter, worker }: IdParts): Id => {
  // 64 bits as three exact numbers: 24 high bits (5 digits hold 25), then two runs of 20 bits (4 digits each).
  const high = Math.floor(millis / 0x40000);
  const middle = ((millis % 0x40000) << 2) | (counter >>> 10);
  const low = ((counter & 0x3ff) << 10) | worker;
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
    digit(low >>> 15),
    digit(low >>> 10),
    digit(low >>> 5),
    digit(low),
  );
};

/** Reads a printed id; anything but the 13 upper-case characters of a 64-bit number is refused. */
export const parseId = (value: string): Either<NotAnId, IdParts> => {
  if (value.length !== WIDTH) return left({ _tag: 'NotAnId', rule: `an id has ${WIDTH} characters` });
  for (const digit of value)
    if (!VALUES.has(digit)) return left({ _tag: 'NotAnId', rule: `an id has only the characters ${DIGITS}` });
  const high = number(value.slice(0, 5));
  if (high > 0xffffff) return left({ _tag: 'NotAnId', rule: 'an id has 64 bits' });
  const middle = number(value.slice(5, 9));
  const low = number(value.slice(9));
  return right({
    millis: high * 0x40000 + (middle >>> 2),
    counter: ((middle & 0x3) << 10) | (low >>> 10),
    worker: low & 0x3ff,
  });
};

const CODES = Uint8Array.from(DIGITS, (each) => each.charCodeAt(0));

/** The character of the lowest five bits. */
const digit = (value: number): number => CODES[value & 0x1f] ?? 0;

const number = (printed: string): number =>
  Array.from(printed).reduce((sum, digit) => sum * 32 + (VALUES.get(digit) ?? 0), 0);
