import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyedRing } from './keyed-ring.ts';

/** Within one list of rows, and over several. */
const sizes = [16, 128];

test.each(sizes)('holds what a map of the newest %i holds, whatever the keys', (rowsMax) => {
  // Few homes, so that keys push each other on, across the table's end too; and 53-bit ones.
  const key = fc.oneof(
    fc.nat(40),
    fc.nat(5).map((home) => home * 2 ** 40 + 31),
    fc.maxSafeNat(),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(key, fc.double({ noNaN: true })), { maxLength: rowsMax === 16 ? 200 : 400 }),
      (puts) => {
        const ring = new KeyedRing(2, rowsMax);
        const model = new Map<number, number>();
        for (const [each, value] of puts) {
          const oldest = model.size === rowsMax ? [...model.keys()][0] : undefined;
          expect(ring.next()).toBe(oldest);
          expect(ring.placeOf(each) >= 0).toBe(model.has(each));
          const place = model.has(each) ? ring.placeOf(each) : ring.add(each);
          if (oldest !== undefined && !model.has(each)) model.delete(oldest);
          ring.set(place, 0, value);
          ring.set(place, 1, -value);
          model.set(each, value);
          expect(ring.places().map((at) => ring.keyAt(at))).toEqual([...model.keys()]);
          expect(ring.placeOf(oldest ?? -1) >= 0).toBe(model.has(oldest ?? -1));
          for (const [known, has] of model) {
            expect(ring.get(ring.placeOf(known), 0)).toBe(has);
            expect(ring.get(ring.placeOf(known), 1)).toBe(-has);
          }
        }
      },
    ),
    { numRuns: rowsMax === 16 ? 300 : 100 },
  );
});
