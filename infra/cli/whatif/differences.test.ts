import { expect, test } from 'vitest';
import { defaultPolicy } from '../../../actors/assistant/policy.ts';
import type { Entry } from '../../../events/knowledge.ts';
import { differences, type Settings } from './differences.ts';

const entry = (id: string, answer: string): Entry => ({ id, lang: 'en', question: `${id}?`, answer });
const now: Settings = {
  entries: [entry('a', '1'), entry('b', '2'), entry('c', '3')],
  words: ['x', 'y'],
  policy: { everybody: { missesMax: 3 }, tenants: new Map([['acme', { gatherMs: 0 }]]) },
  budgetMs: 3_000,
};

test('the same settings have no difference', () => expect(differences(now, { ...now })).toEqual([]));

test('each difference is told at its place, with both sides', () => {
  const then: Settings = {
    entries: [entry('a', '1'), entry('b', 'other'), entry('d', '4')],
    words: ['y', 'z', 'zz'],
    policy: {
      everybody: { missesMax: 3, sureFrom: 0.7, onUnknown: 'ask-back', instructions: 'a secret of ours' },
      tenants: new Map([['acme', { gatherMs: 0, missesMax: 1 }]]),
    },
    budgetMs: 1_000,
  };
  expect(differences(now, then).map(({ place, what }) => `${place}: ${what}`)).toEqual([
    'knowledge: 3 entries instead of 3: 1 new, 1 changed, 1 gone',
    'sensitiveWords: 3 instead of 2: 2 new, 1 gone',
    'budgetMs: 1000 instead of 3000',
    `default.sureFrom: 0.7 instead of ${defaultPolicy.sureFrom}`,
    'default.onUnknown: "ask-back" instead of "handoff"',
    'default.instructions: other words',
    'tenants.acme.missesMax: 1 instead of 3',
  ]);
});
