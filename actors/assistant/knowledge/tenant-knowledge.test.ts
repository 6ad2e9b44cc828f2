import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../events/knowledge.ts';
import type { KnowledgeChange } from '../../../events/knowledge-log.ts';
import type { Candidate, Finding } from '../knowledge-base.ts';
import { THRESHOLDS } from './coefficients.ts';
import { EntryIndex } from './entry-index.ts';
import { TenantKnowledge } from './tenant-knowledge.ts';

const entries: readonly Entry[] = [
  { id: 'return', lang: 'en', question: 'How do I return an item?', answer: 'With the label.' },
  { id: 'refund', lang: 'en', question: 'When will I get my refund?', also: ['refund status'], answer: 'In a week.' },
  { id: 'hours', lang: 'en', question: 'When are you open?', answer: 'From nine to five.' },
  { id: '退货', lang: 'zh', question: '怎么退货？', answer: '七天内可退。' },
  { id: '发票', lang: 'zh', question: '怎么开发票？', answer: '在订单里申请。' },
  { id: '营业', lang: 'zh', question: '几点开门？', answer: '九点。' },
];
const by = { role: 'admin', id: 'alice' } as const;

const knowing = (all: readonly Entry[]): TenantKnowledge => {
  const index = new EntryIndex();
  for (const entry of all) index.put(entry);
  return new TenantKnowledge({ index, revision: 'base' });
};
const confidencesIn = (some: readonly Candidate[]): readonly string[] =>
  some.map(({ confidence }) => confidence.toFixed(9)).toSorted();
const idsOf = (found: Finding): readonly string[] => {
  if (found._tag === 'Sure') return [found.match.entry.id];
  return found._tag === 'Unsure' ? found.choices.map(({ entry }) => entry.id) : [];
};

describe('a question', () => {
  const knowledge = knowing(entries);

  test.each([
    ['我要退货', '退货'],
    ['send something back', 'return'],
    ['retrun an item', 'return'],
    ['开个发票', '发票'],
    ['where is my refund', 'refund'],
  ])('%s finds %s', (question, id) => expect(idsOf(knowledge.find(question, THRESHOLDS))[0]).toBe(id));

  test('in an entry’s own words is that entry for certain', () => {
    for (const { id, question, also } of entries)
      for (const wording of [question, ...(also ?? [])])
        expect(knowledge.find(` ${wording.toUpperCase()}!`, THRESHOLDS)).toMatchObject({
          _tag: 'Sure',
          match: { entry: { id }, confidence: 1, revision: 'base' },
        });
  });

  test.each(['', '   ', '🙂', 'the', '宇宙的尽头在哪里', 'ignorabimus quousque tandem'])(
    '%j finds nothing',
    (question) => expect(knowledge.find(question, THRESHOLDS)).toEqual({ _tag: 'Nothing', nearest: undefined }),
  );

  test('is offered three at most, likeliest first, and each with its confidence', () => {
    const found = knowledge.find('refund or return or open', { sureFrom: 1, unsureFrom: 0 });
    if (found._tag !== 'Unsure') throw new Error(found._tag);
    const confidences = found.choices.map(({ confidence }) => confidence);
    expect(confidences).toEqual(confidences.toSorted((one, other) => other - one));
    expect(confidences.length).toBeLessThanOrEqual(3);
    expect(confidences.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(1);
  });

  test('is answered in its own language', () => {
    expect(idsOf(knowledge.find('refund', THRESHOLDS))[0]).toBe('refund');
    expect(idsOf(knowledge.find('几点开门', THRESHOLDS))).toEqual(['营业']);
    expect(idsOf(knowledge.find('opening hours', THRESHOLDS, 'zh-CN'))[0]).toBe('hours');
  });

  test('gives a model passages below the threshold too, up to the limit', () => {
    expect(knowledge.passages('refund or return or open', 2)).toHaveLength(2);
    expect(knowledge.passages('ignorabimus', 5)).toEqual([]);
  });
});

describe('changes', () => {
  const put = (entry: Entry): KnowledgeChange => ({ type: 'EntryPut', entry, by });
  const removed = (entry: string): KnowledgeChange => ({ type: 'EntryRemoved', entry, by });

  test('name the revision, and are applied once', () => {
    const knowledge = knowing(entries);
    const entry = { id: 'pets', lang: 'en', question: 'May I bring my dog?', answer: 'Yes.' };
    knowledge.apply(put(entry), 7);
    knowledge.apply(removed('pets'), 5);
    expect(knowledge.entry('pets')).toEqual({ entry, revision: 'base.7', confidence: 1 });
    knowledge.apply(removed('pets'), 8);
    expect(knowledge.entry('pets')).toBeUndefined();
    expect(idsOf(knowledge.find('May I bring my dog?', THRESHOLDS))).toEqual([]);
  });

  test('synonyms are words of whole words, and leave what was asked first', () => {
    const knowledge = knowing(entries);
    knowledge.apply({ type: 'SynonymsReplaced', groups: [['blackie', 'refund']], by }, 1);
    expect(idsOf(knowledge.find('blackie status', THRESHOLDS))).toEqual(['refund']);
    expect(idsOf(knowledge.find('blackies', THRESHOLDS))).toEqual([]);
    expect(idsOf(knowledge.find('how do i return an item', THRESHOLDS))).toEqual(['return']);
  });

  /** Base and changes on top answer as one base that was made of the outcome, whatever the changes were. */
  test('leave what a base made of the outcome would be', () => {
    const some = fc.record({
      id: fc.constantFrom(...entries.map(({ id }) => id), 'new-1', 'new-2'),
      content: fc.option(fc.constantFrom(...entries), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 120 }), (changes) => {
        const knowledge = knowing(entries);
        const outcome = new Map(entries.map((entry) => [entry.id, entry]));
        changes.forEach(({ id, content }, at) => {
          if (content === undefined) outcome.delete(id);
          else outcome.set(id, { ...content, id });
          knowledge.apply(content === undefined ? removed(id) : put({ ...content, id }), at + 1);
        });
        const ids = [...outcome.keys()].toSorted();
        expect(knowledge.size).toBe(outcome.size);
        expect(knowledge.page('', 100).map(({ id }) => id)).toEqual(ids);
        const anew = knowing([...outcome.values()]);
        for (const form of ['#refund', '退货', 'open']) expect(knowledge.count(form)).toBe(anew.count(form));
        for (const { question } of entries) {
          const [one, other] = [knowledge.likeliest(question), anew.likeliest(question)];
          expect(confidencesIn(one)).toEqual(confidencesIn(other));
        }
      }),
      { numRuns: 60 },
    );
  });
});
