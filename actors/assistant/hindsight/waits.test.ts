import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Waits } from './waits.ts';

test('a share of the visitors waited no longer than its quantile, within five percent', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (given, share) => {
        const waits = new Waits();
        for (const each of given) waits.add(each);
        const exact = given.toSorted((a, b) => a - b)[Math.ceil(share * given.length) - 1] ?? 0;
        const found = waits.quantile(share) ?? -1;
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(1 + exact * 0.026);
        expect(waits.size).toBe(given.length);
        expect(waits.below(Number.POSITIVE_INFINITY)).toBe(given.length);
        expect(waits.below(0)).toBe(0);
      },
    ),
  );
});

test('nobody waited, nobody waited long', () => expect(new Waits().quantile(0.5)).toBeUndefined());
