/** Trying a policy on the past, against sessions of which it is known how they were made. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Comparison } from '../actors/assistant/hindsight/comparison.ts';
import type { RecordedAnswers } from '../actors/assistant/hindsight/recorded-answers.ts';
import type { ModelSource, Side } from '../actors/assistant/hindsight/second-thought.ts';
import { TenantKnowledge } from '../actors/assistant/knowledge/tenant-knowledge.ts';
import type { Model } from '../actors/assistant/model.ts';
import { type PolicyPart, policies } from '../actors/assistant/policy.ts';
import { HAND_OVER } from '../actors/assistant/prompt.ts';
import { WordFilter } from '../actors/assistant/sensitive-words/word-filter.ts';
import type { Entry } from '../events/knowledge.ts';
import { baseOf } from '../infra/assistant/base.ts';
import { builtInWords } from '../infra/assistant/built-in-words.ts';
import { sampleKnowledge } from '../infra/assistant/sample-knowledge.ts';
import { overTheLog } from '../infra/cli/whatif/over-the-log.ts';
import type { Dialogue } from './demo/dialogues.ts';
import { MemoryEventLog } from './doubles/memory-event-log.ts';
import { ownDialogues } from './past/dialogues.ts';
import { writePast } from './past/write-past.ts';
import { AT } from './story.ts';

const sideOf = (part: PolicyPart = {}, entries: readonly Entry[] = sampleKnowledge, words = builtInWords): Side => {
  const knowledge = new TenantKnowledge(baseOf(entries));
  return {
    policies: policies(part),
    knowledge: { of: () => knowledge },
    filter: new WordFilter(words),
    budgetMs: 3_000,
  };
};

/** Answers to the same words alike: with words of its own, with nothing, or not at all. */
const model: Model = {
  name: 'fixed',
  ask: ({ messages }, _signal, onText) => {
    const asked = messages.at(-1)?.content ?? '';
    const kind = asked.length % 3;
    if (kind === 0) return Promise.resolve({ _tag: 'Failed', why: 'model_failed' });
    const text = kind === 1 ? `About ${asked.length} characters.` : HAND_OVER;
    onText(text);
    return Promise.resolve({ _tag: 'Said', text, tokens: {} });
  },
};

interface Made {
  readonly dialogues: readonly Dialogue[];
  readonly side: Side;
  readonly model?: Model;
}

const logOf = async ({ dialogues, side, model: used }: Made): Promise<MemoryEventLog> => {
  const log = new MemoryEventLog(4);
  const past = { dialogues, side, startAt: AT, spreadMs: 86_400_000, seed: 7 };
  await writePast(log, used === undefined ? past : { ...past, model: used });
  return log;
};

/** More with KEFU_RUNS. */
const RUNS = Number(process.env['KEFU_RUNS'] ?? 50);

const always = { sinceMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY };
const recorded = (answers: RecordedAnswers): ModelSource => ({ _tag: 'Recorded', answers, isAsked: false });

const compared = async (
  log: MemoryEventLog,
  before: Side,
  after: Side,
  sourceOf: (answers: RecordedAnswers) => ModelSource = recorded,
  period = always,
): Promise<Comparison> => {
  const comparison = new Comparison(3);
  const reading = { tenant: undefined, until: await log.head(), untilMs: period.untilMs };
  await overTheLog(log, { before, after, period, reading, sourceOf }, comparison, { reached: () => undefined });
  return comparison;
};

const sentence = fc.constantFrom(
  'where is my order?',
  '退货怎么操作?',
  'talk to a human',
  'the lamp arrived broken',
  'how much',
  'thanks',
  '发票',
  '退款多久到账',
  'This is ridiculous!',
  'fuck',
  'return',
  'a',
  'delivery time',
  'cancel my order please',
);
const dialogue = fc
  .array(
    fc.record({ role: fc.constantFrom('visitor' as const, 'visitor' as const, 'agent' as const), text: sentence }),
    { minLength: 1, maxLength: 12 },
  )
  .map((turns): Dialogue => ({ id: 'li', turns }));
const part: fc.Arbitrary<PolicyPart> = fc.record(
  {
    onUnknown: fc.constantFrom('handoff' as const, 'ask-back' as const),
    on403: fc.constantFrom('handoff' as const, 'say' as const),
    on503: fc.constantFrom('handoff' as const, 'say' as const),
    onUnsure: fc.constantFrom('offer' as const, 'model' as const),
    sureFrom: fc.double({ min: 0.2, max: 0.9, noNaN: true }),
    missesMax: fc.integer({ min: 1, max: 4 }),
    handsOverTheFrustrated: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('hindsight', () => {
  test('the policy that was in force, with the model that was asked, changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(dialogue, { minLength: 1, maxLength: 8 }),
        part,
        fc.boolean(),
        async (dialogues, given, hasModel) => {
          const side = sideOf(given);
          const log = await logOf({ dialogues, side, ...(hasModel ? { model } : {}) });
          const comparison = await compared(log, side, side);
          expect(comparison.changes).toEqual([]);
          expect(comparison.waitedAfter.unknown).toBe(0);
          expect(comparison.endsAfter).toEqual(comparison.endsBefore);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('whatever is tried, no question is lost, and each fares once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(dialogue, { minLength: 1, maxLength: 6 }),
        part,
        part,
        async (dialogues, one, other) => {
          const log = await logOf({ dialogues, side: sideOf(one), model });
          const comparison = await compared(log, sideOf(one), sideOf(other));
          const sum = (counts: ReadonlyMap<unknown, number>): number =>
            [...counts.values()].reduce((total, each) => total + each, 0);
          expect(sum(comparison.before)).toBe(comparison.questions);
          expect(sum(comparison.after)).toBe(comparison.questions);
          expect(sum(comparison.endsAfter)).toBe(comparison.sessions);
          for (const { waits, never, people, unknown } of [comparison.waitedBefore, comparison.waitedAfter])
            expect(waits.size + never + people + unknown).toBe(comparison.questions);
          expect(comparison.kinds.reduce((total, { count }) => total + count, 0)).toBe(comparison.changed);
        },
      ),
      { numRuns: RUNS },
    );
  });

  const parking: Entry = {
    id: 'parking',
    lang: 'en',
    question: 'Is there a place to park near the shop?',
    answer: 'Behind the shop.',
  };

  test('an entry that was missing answers what went to people, at once', async () => {
    const side = sideOf();
    const log = await logOf({ dialogues: ownDialogues, side });
    const comparison = await compared(log, side, sideOf({}, [...sampleKnowledge, parking]));
    const found = comparison.changes.filter(({ to }) => to === 'answered from knowledge');
    expect(found.flatMap(({ texts }) => texts).toSorted()).toEqual([
      'Is there a place to park near the shop?',
      'is there a place to park near the shop',
    ]);
    for (const { from, before, after } of found) {
      expect(from).toBe('handed to people');
      expect(before).toMatchObject({ outcome: 'handed to people', handsOver: true });
      expect(after).toMatchObject({ entry: 'parking', text: 'Behind the shop.', delayMs: 0 });
    }
    // What came then would have been put to the assistant, which knows nothing of dogs.
    expect(comparison.changes.filter(({ from }) => from === 'with people').map(({ to, texts }) => [to, texts])).toEqual(
      [['handed to people', ['And does my dog get a biscuit?']]],
    );
    expect(comparison.waitedAfter.waits.below(1_000) - comparison.waitedBefore.waits.below(1_000)).toBe(2);
    expect((comparison.endsAfter.get('assistant') ?? 0) - (comparison.endsBefore.get('assistant') ?? 0)).toBe(1);
  });

  test('a longer list of words refuses what was answered', async () => {
    const side = sideOf();
    const log = await logOf({ dialogues: ownDialogues, side });
    const comparison = await compared(log, side, sideOf({}, sampleKnowledge, ['退货']));
    const refusals = comparison.changes.filter(({ to }) => to === 'refused with 403');
    expect(refusals).toMatchObject([
      { from: 'answered from knowledge', texts: ['退货怎么操作?'], before: { entry: 'return-zh' } },
    ]);
    // What the knowledge base would say about refunds has the word in it, and is not said either.
    expect(comparison.kinds).toContainEqual(
      expect.objectContaining({ from: 'answered from knowledge', to: 'handed to people', count: 1 }),
    );
    expect(comparison.waitedAfter.people).toBe(2);
  });

  test('what no model was ever asked is unknown, and so is all that would have followed', async () => {
    const side = sideOf({ usesModel: false });
    const log = await logOf({ dialogues: ownDialogues, side });
    const asksModel = (answers: RecordedAnswers): ModelSource => ({ _tag: 'Recorded', answers, isAsked: true });
    const comparison = await compared(log, side, sideOf({ usesModel: true }), asksModel);
    expect(comparison.after.get('unknown')).toBeGreaterThan(0);
    expect(comparison.endsAfter.get('unknown')).toBeGreaterThan(0);
    expect(comparison.after.get('answered by the model')).toBeUndefined();
    expect(comparison.waitedAfter.unknown).toBeGreaterThanOrEqual(comparison.endsAfter.get('unknown') ?? 0);
  });

  test('the same words are answered as the log has it, in other sessions too', async () => {
    const twice = ['one', 'other'].map(
      (id): Dialogue => ({ id, turns: [{ role: 'visitor', text: 'what is the wifi pw' }] }),
    );
    const answers: Model = {
      name: 'm',
      ask: (_request, _signal, onText) => {
        onText('It is on the wall.');
        return Promise.resolve({ _tag: 'Said', text: 'It is on the wall.', tokens: {} });
      },
    };
    const log = await logOf({ dialogues: twice.slice(0, 1), side: sideOf(), model: answers });
    await writePast(log, {
      dialogues: twice.slice(1),
      side: sideOf({ usesModel: false }),
      startAt: AT + 1e9,
      spreadMs: 1,
      seed: 1,
    });
    const comparison = await compared(log, sideOf({ usesModel: false }), sideOf());
    expect(comparison.changes).toMatchObject([
      { from: 'handed to people', to: 'answered by the model', after: { text: 'It is on the wall.' } },
    ]);
    expect(comparison.questions).toBe(2);
  });

  test('only what was asked in the time counts', async () => {
    const log = await logOf({ dialogues: ownDialogues, side: sideOf() });
    const [all, half, none] = await Promise.all(
      [always, { ...always, sinceMs: AT + 43_200_000 }, { ...always, untilMs: AT - 1 }].map((period) =>
        compared(log, sideOf(), sideOf(), recorded, period),
      ),
    );
    expect(half?.questions).toBeGreaterThan(0);
    expect(half?.questions).toBeLessThan(all?.questions ?? 0);
    expect(none?.questions).toBe(0);
  });
});
