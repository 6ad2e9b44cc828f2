import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { IdGenerator, SEEN_AHEAD_MAX_MS } from './id-generator.ts';
import { COUNTER_MAX, type IdParts, MILLIS_MAX, parseId, printId, WORKER_MAX } from './ids.ts';

const START = 1_764_000_000_000;

const anyParts: fc.Arbitrary<IdParts> = fc.record({
  millis: fc.oneof(
    fc.integer({ min: 0, max: MILLIS_MAX }),
    fc.constantFrom(0, 1, 0x3ffff, 0x40000, START, MILLIS_MAX - 1, MILLIS_MAX),
  ),
  counter: fc.oneof(fc.nat(COUNTER_MAX), fc.constantFrom(0, 1, 0x3ff, 0x400, COUNTER_MAX)),
  worker: fc.oneof(fc.nat(WORKER_MAX), fc.constantFrom(0, WORKER_MAX)),
});

const numberOf = ({ millis, counter, worker }: IdParts): bigint =>
  (BigInt(millis) << 22n) | (BigInt(counter) << 10n) | BigInt(worker);

const partsOf = (printed: string): IdParts => {
  const parsed = parseId(printed);
  if (isLeft(parsed)) throw new Error(`${printed} is an id`);
  return parsed.right;
};

describe('the printed form', () => {
  test('is read back as it was', () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        expect(parseId(printId(parts))).toEqual({ _tag: 'Right', right: parts });
      }),
    );
  });

  test('sorts as the numbers do', () => {
    fc.assert(
      fc.property(anyParts, anyParts, (a, b) => {
        const [left, right] = [printId(a), printId(b)];
        const numeric = numberOf(a) < numberOf(b) ? -1 : numberOf(a) > numberOf(b) ? 1 : 0;
        expect(left < right ? -1 : left > right ? 1 : 0).toBe(numeric);
      }),
    );
  });

  test('is 13 characters that any name may hold', () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        expect(printId(parts)).toMatch(/^[0-9A-HJKMNP-TV-Z]{13}$/);
      }),
    );
  });

  test.each(['', '0', 'G000000000000', '0000000000000 ', '000000000000I', '000000000000a', 'ZZZZZZZZZZZZZ'])(
    '%j is no id',
    (text) => expect(isLeft(parseId(text))).toBe(true),
  );

  test('what is read is what would be printed', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{13}$/), (text) => {
        const parsed = parseId(text);
        // The first character stands for four bits.
        expect(isRight(parsed) ? printId(parsed.right) : 'too great').toBe(text < 'G' ? text : 'too great');
      }),
    );
  });
});

/** What a clock may say next: on, back, far back, far ahead, or nothing new. */
const ticks = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.integer({ min: -5_000, max: 5_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(-86_400_000, -START, 29_000) },
);
/** How far what was seen lies from the clock, and its counter. */
const seen = fc.option(fc.record({ offset: fc.integer({ min: -50, max: 50 }), counter: fc.nat(COUNTER_MAX) }), {
  nil: undefined,
});

describe('whatever the clock does', () => {
  test('ids strictly increase, follow what was seen, and stay below the ceiling', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ticks, seen), { minLength: 1, maxLength: 200 }), (steps) => {
        let now = START;
        const ceiling = START + 30_000;
        const ids = new IdGenerator(5, START, ceiling, () => now);
        let last = '';
        for (const [tick, given] of steps) {
          now += tick;
          const past = given && { millis: Math.max(0, now + given.offset), counter: given.counter, worker: 9 };
          const next = ids.next(past);
          if (isLeft(next)) {
            if (Math.max(now, past?.millis ?? 0, ids.highest) < ceiling - 1) throw new Error('refused without need');
            continue;
          }
          const parts = partsOf(next.right);
          expect(next.right > last).toBe(true);
          expect(next.right > (past === undefined ? '' : printId(past))).toBe(true);
          expect(parts.worker).toBe(5);
          expect(parts.millis).toBeLessThan(ceiling);
          expect(parts.millis).toBeGreaterThanOrEqual(START);
          last = next.right;
        }
      }),
    );
  });

  test('a clock that stands still stops nobody: the counter runs over into the next millisecond', () => {
    const ids = new IdGenerator(1, START, START + 10, () => START);
    const printed = Array.from({ length: 3 * (COUNTER_MAX + 1) }, () => ids.next());
    expect(printed.every(isRight)).toBe(true);
    expect(ids.highest).toBe(START + 2);
  });

  test('a refusal changes nothing', () => {
    let now = START;
    const ids = new IdGenerator(1, START, START + 10, () => now);
    ids.next();
    now = START + 10;
    expect(ids.next()).toEqual({ _tag: 'Left', left: { _tag: 'CeilingReached', ceiling: START + 10 } });
    expect(ids.highest).toBe(START);
    ids.raise(START + 20);
    expect(partsOf(printedOf(ids.next()))).toEqual({ millis: START + 10, counter: 0, worker: 1 });
  });

  test('what is seen too far ahead is refused, and drags no later id along', () => {
    const ids = new IdGenerator(1, START, MILLIS_MAX, () => START);
    const far = { millis: START + SEEN_AHEAD_MAX_MS + 1, counter: 0, worker: 2 };
    expect(ids.next(far)).toEqual({ _tag: 'Left', left: { _tag: 'SeenTooFarAhead', aheadMs: SEEN_AHEAD_MAX_MS + 1 } });
    expect(partsOf(printedOf(ids.next())).millis).toBe(START);
    const near = { ...far, millis: START + SEEN_AHEAD_MAX_MS };
    expect(partsOf(printedOf(ids.next(near)))).toEqual({ millis: near.millis, counter: 1, worker: 1 });
  });
});

const printedOf = (id: ReturnType<IdGenerator['next']>): string => (isRight(id) ? id.right : '');
