import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Waiting } from './waiting.ts';

test('holds what a map would hold, whoever is forgotten and whoever is not', () => {
  const steps = fc.array(fc.oneof(fc.record({ add: fc.nat() }), fc.record({ forget: fc.nat(400) })), {
    maxLength: 400,
  });
  fc.assert(
    fc.property(steps, (taken) => {
      const waiting = new Waiting<number>();
      const model = new Map<number, number>();
      for (const step of taken) {
        if ('add' in step) model.set(waiting.add(step.add), step.add);
        else {
          waiting.forget(step.forget);
          model.delete(step.forget);
        }
        expect(waiting.size).toBe(model.size);
      }
      for (let token = 0; token <= 401; token++) expect(waiting.get(token)).toBe(model.get(token));
      expect(new Map(waiting.all.map((each) => [each.token, each.waiting]))).toEqual(model);
    }),
  );
});

test('one that waits for long keeps its place while many others come and go', () => {
  const waiting = new Waiting<string>();
  const patient = waiting.add('patient');
  for (let round = 0; round < 10_000; round++) {
    const token = waiting.add(`round ${round}`);
    expect(waiting.get(token)).toBe(`round ${round}`);
    waiting.forget(token);
  }
  expect(waiting.get(patient)).toBe('patient');
  expect(waiting.all).toEqual([{ token: patient, waiting: 'patient' }]);
});
