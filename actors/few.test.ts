import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Few, forEach, withOne, withoutOne } from './few.ts';

const things = Array.from({ length: 4 }, (_, name) => ({ name }));
const members = <T extends object>(few: Few<T>): readonly T[] => {
  const all: T[] = [];
  forEach(few, (one) => all.push(one));
  return all;
};

test('is a set, whatever is added and taken out, and nothing at all when it is empty', () => {
  const change = fc.tuple(fc.constantFrom(withOne, withoutOne), fc.constantFrom(...things));
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      let few: Few<{ readonly name: number }>;
      const model = new Set<{ readonly name: number }>();
      for (const [how, thing] of changes) {
        few = how(few, thing);
        if (how === withOne) model.add(thing);
        else model.delete(thing);
        expect(members(few)).toEqual([...model]);
        expect(few === undefined).toBe(model.size === 0);
      }
    }),
  );
});

test('whoever leaves while all are told is told no more', () => {
  const told: number[] = [];
  let few = things.reduce<Few<{ readonly name: number }>>(withOne, undefined);
  forEach(few, ({ name }) => {
    told.push(name);
    for (const thing of things) if (thing.name > name) few = withoutOne(few, thing);
  });
  expect(told).toEqual([0]);
});
