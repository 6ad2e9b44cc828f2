import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addFaults, faultless, type Item, isFaultless, tally } from './tally.ts';

const talk = (...texts: readonly string[]): readonly Item[] =>
  texts.map((says, index) => ({ key: `m${index + 1}`, says, seq: index + 4 }));

const said = talk('hello', 'how can I help?', 'where is my parcel?', 'on its way', 'thanks');
const [first, second, third, fourth, fifth] = said as readonly [Item, Item, Item, Item, Item];

describe('a reader', () => {
  test('who got exactly what was said has no fault', () => {
    expect(tally(said, said)).toEqual(faultless);
  });

  test('who got nothing misses everything', () => {
    expect(tally(said, [])).toEqual({ ...faultless, missing: 5 });
  });

  test.each([
    ['the first', [second, third, fourth, fifth]],
    ['one in the middle', [first, second, fourth, fifth]],
    ['the last', [first, second, third, fourth]],
  ])('misses %s', (_which, came) => {
    expect(tally(said, came)).toEqual({ ...faultless, missing: 1 });
  });

  test('got two the other way round: one of them is out of order', () => {
    expect(tally(said, [first, third, second, fourth, fifth])).toEqual({ ...faultless, outOfOrder: 1 });
  });

  test('got the last first: everything after it is out of order', () => {
    expect(tally(said, [fifth, first, second, third, fourth])).toEqual({ ...faultless, outOfOrder: 4 });
  });

  test('got one again at once, and one again later', () => {
    expect(tally(said, [first, first, second, third, fourth, fifth, second])).toEqual({ ...faultless, duplicated: 2 });
  });

  test('got one that was carried out twice, under a key of its own', () => {
    const twice = { ...second, key: 'm2-again', seq: 9 };
    expect(tally(said, [...said, twice])).toEqual({ ...faultless, duplicated: 1 });
  });

  test.each([
    ['another text', { ...second, says: 'how can I hell?' }],
    ['another seq', { ...second, seq: 6 }],
  ])('got one with %s', (_what, altered) => {
    expect(tally(said, [first, altered, third, fourth, fifth])).toEqual({ ...faultless, wrong: 1 });
  });

  test('got what was never said', () => {
    const foreign = { key: 'x', says: 'of another session', seq: 6 };
    expect(tally(said, [first, second, foreign, third, fourth, fifth])).toEqual({ ...faultless, wrong: 1 });
  });

  test('may get the same words twice when they were said twice', () => {
    const yes = talk('yes', 'yes', 'yes');
    expect(tally(yes, yes)).toEqual(faultless);
    expect(tally(yes, yes.slice(1))).toEqual({ ...faultless, missing: 1 });
  });

  test('may get what its author was never told of, once', () => {
    const untold = { ...fifth, key: '', seq: 0 };
    const happened = [first, second, third, fourth, untold];
    expect(tally(happened, said)).toEqual(faultless);
    expect(tally(happened, [...said, { ...fifth, key: 'm6' }])).toEqual({ ...faultless, duplicated: 1 });
    expect(tally(happened, said.slice(0, 4))).toEqual({ ...faultless, missing: 1 });
  });
});

const someTalk = fc.array(fc.constantFrom('yes', 'no', '好的', '谢谢'), { minLength: 1, maxLength: 30 });

test('law: leaving out any items, these and no others are missing', () => {
  fc.assert(
    fc.property(someTalk, fc.infiniteStream(fc.boolean()), (texts, coins) => {
      const happened = talk(...texts);
      const came = happened.filter(() => coins.next().value === true);
      expect(tally(happened, came)).toEqual({ ...faultless, missing: happened.length - came.length });
    }),
  );
});

test('law: repeating any items, each repetition is a duplicate', () => {
  fc.assert(
    fc.property(someTalk, fc.array(fc.nat(29), { maxLength: 10 }), (texts, again) => {
      const happened = talk(...texts);
      const repeated = again.flatMap((place) => happened[place % happened.length] ?? []);
      expect(tally(happened, [...happened, ...repeated])).toEqual({ ...faultless, duplicated: again.length });
    }),
  );
});

test('law: in any other order, something is out of order and nothing else is amiss', () => {
  const shuffled = someTalk.chain((texts) => {
    const happened = talk(...texts);
    const came = fc.shuffledSubarray([...happened], { minLength: happened.length, maxLength: happened.length });
    return fc.tuple(fc.constant(happened), came);
  });
  fc.assert(
    fc.property(shuffled, ([happened, came]) => {
      const faults = tally(happened, came);
      expect({ ...faults, outOfOrder: 0 }).toEqual(faultless);
      expect(faults.outOfOrder > 0).toBe(came.some((item, place) => item !== happened[place]));
    }),
  );
});

test('faults add up, and one of any kind is a fault', () => {
  const one = { outOfOrder: 1, missing: 2, duplicated: 3, wrong: 4 };
  expect(addFaults(one, one)).toEqual({ outOfOrder: 2, missing: 4, duplicated: 6, wrong: 8 });
  expect(isFaultless(faultless)).toBe(true);
  for (const kind of Object.keys(faultless)) expect(isFaultless({ ...faultless, [kind]: 1 })).toBe(false);
});
