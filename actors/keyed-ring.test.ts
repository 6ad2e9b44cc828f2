import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyedRing } from './keyed-ring.ts';

const ROWS_MAX = 16;

test('holds what a map of the newest so many holds, whatever the keys', () => {
  // Few homes, so that keys push each other on, across the table's end too; and 53-bit ones.
  const key = fc.oneof(
    fc.nat(40),
    fc.nat(5).map((home) => home * 2 ** 40 + 31),
    fc.maxSafeNat(),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.double({ noNaN: true })), { maxLength: 200 }), (puts) => {
      const ring = new KeyedRing(2, ROWS_MAX);
      const model = new Map<number, number>();
      for (const [each, value] of puts) {
        const oldest = model.size === ROWS_MAX ? [...model.keys()][0] : undefined;
        expect(ring.next()).toBe(oldest);
        expect(ring.placeOf(each) >= 0).toBe(model.has(each));
        const place = model.has(each) ? ring.placeOf(each) : ring.add(each);
        if (oldest !== undefined && !model.has(each)) model.delete(oldest);
        ring.set(place, 0, value);
        ring.set(place, 1, -value);
        model.set(each, value);
        expect(ring.keys()).toEqual([...model.keys()]);
        expect(ring.placeOf(oldest ?? -1) >= 0).toBe(model.has(oldest ?? -1));
        for (const [known, has] of model) {
          expect(ring.get(ring.placeOf(known), 0)).toBe(has);
          expect(ring.get(ring.placeOf(known), 1)).toBe(-has);
        }
      }
    }),
    { numRuns: 300 },
  );
});
