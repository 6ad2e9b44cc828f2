import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHOICES_MAX, findingOf } from './finding.ts';

const near = (...confidences: readonly number[]) => confidences.map((confidence, at) => ({ id: at, confidence }));
const thresholds = { sureFrom: 0.8, unsureFrom: 0.1 };

describe('what confidences amount to', () => {
  test('is an answer from the one threshold on, an offer from the other, and else nothing', () => {
    expect(findingOf(near(0.8, 0.15), thresholds)).toMatchObject({ _tag: 'Sure', match: { id: 0 } });
    expect(findingOf(near(0.79, 0.15), thresholds)).toMatchObject({ _tag: 'Unsure', choices: [{ id: 0 }, { id: 1 }] });
    expect(findingOf(near(0.1), thresholds)).toMatchObject({ _tag: 'Unsure' });
    expect(findingOf(near(0.09), thresholds)).toMatchObject({ _tag: 'Nothing', nearest: { id: 0 } });
    expect(findingOf([], { sureFrom: 0, unsureFrom: 0 })).toEqual({ _tag: 'Nothing', nearest: undefined });
  });

  test('is never an offer where being unsure begins above being sure', () => {
    const never = { sureFrom: 0.5, unsureFrom: 0.9 };
    expect(findingOf(near(0.6), never)).toMatchObject({ _tag: 'Sure' });
    expect(findingOf(near(0.4), never)).toMatchObject({ _tag: 'Nothing' });
  });

  test('is an offer of the likeliest, three at most, and of none that is next to impossible', () => {
    expect(findingOf(near(0.3, 0.01), thresholds)).toMatchObject({ choices: [{ id: 0 }] });
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (unordered) => {
        const all = near(...unordered.toSorted((one, other) => other - one));
        const found = findingOf(all, { sureFrom: 1.1, unsureFrom: 0 });
        if (found._tag !== 'Unsure') throw new Error(found._tag);
        expect(found.choices.length).toBeLessThanOrEqual(CHOICES_MAX);
        expect(found.choices).toEqual(all.slice(0, found.choices.length));
      }),
    );
  });
});
