import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from './histogram.ts';

const durations = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 200 });
const shares = fc.double({ min: 0.001, max: 1, noNaN: true });

const recorded = (values: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
};

describe('a histogram', () => {
  test('gives any quantile to within one in 128, and never less than it is', () => {
    fc.assert(
      fc.property(durations, shares, (values, share) => {
        const sorted = [...values].sort((one, other) => one - other);
        const exact = sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
        const told = recorded(values).quantile(share);
        expect(told).toBeGreaterThanOrEqual(exact);
        expect(told).toBeLessThanOrEqual(exact + exact / 128);
      }),
    );
  });

  test('travels as pairs, and two of them add up', () => {
    fc.assert(
      fc.property(durations, durations, (one, other) => {
        const sum = new Histogram(recorded(one).toJSON());
        sum.add(recorded(other));
        expect(sum.toJSON()).toEqual(recorded([...one, ...other]).toJSON());
        expect(sum.count).toBe(one.length + other.length);
      }),
    );
  });

  test('has nothing to tell of nothing, and takes what is longer than its longest for that', () => {
    expect(new Histogram().quantile(0.99)).toBe(0);
    expect(recorded([2 ** 40]).quantile(1)).toBe(2 ** 32 - 1);
    expect(recorded([-1, 0.9]).quantile(1)).toBe(0);
  });
});
