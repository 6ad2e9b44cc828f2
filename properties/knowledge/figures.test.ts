import { describe, expect, test } from 'vitest';
import { THRESHOLDS } from '../../actors/assistant/knowledge/coefficients.ts';
import { figuresOf, type Judged } from '../../actors/assistant/knowledge/evaluation.ts';
import { TenantKnowledge } from '../../actors/assistant/knowledge/tenant-knowledge.ts';
import { baseOf } from '../../infra/assistant/base.ts';
import { type Corpus, fitted, heldBack } from './corpora.ts';

const judge = ({ entries, queries }: Corpus): readonly Judged[] => {
  const knowledge = new TenantKnowledge(baseOf(entries));
  return queries.map((query) => ({
    query,
    nearest: knowledge.likeliest(query.text, query.lang).map(({ entry, confidence }) => ({ id: entry.id, confidence })),
  }));
};

describe.each(heldBack)('on the knowledge base $name, which nothing was fitted on, the assistant', (corpus) => {
  const { right, wrong, reached, outsideAnswered } = figuresOf(judge(corpus), THRESHOLDS);

  test('answers at least half of what it knows, and at most one in twenty wrongly', () => {
    expect(right).toBeGreaterThanOrEqual(0.5);
    expect(wrong).toBeLessThanOrEqual(0.05);
  });

  test('answers or offers the right entry for 85 of 100', () => expect(reached).toBeGreaterThanOrEqual(0.85));

  test('answers at most one in twenty that it does not know', () => expect(outsideAnswered).toBeLessThanOrEqual(0.05));
});

test('a confidence is the share that is right', () => {
  const likeliest = [...fitted, ...heldBack].flatMap(judge).map(({ query, nearest }) => ({
    confidence: nearest[0]?.confidence ?? 0,
    isRight: nearest[0]?.id === query.expect,
  }));
  for (const [from, to] of [
    [0.2, 0.4],
    [0.4, 0.6],
    [0.6, 0.8],
    [0.8, 1],
  ] as const) {
    const band = likeliest.filter(({ confidence }) => confidence >= from && confidence < to);
    const said = band.reduce((sum, { confidence }) => sum + confidence, 0) / band.length;
    const found = band.filter(({ isRight }) => isRight).length / band.length;
    expect(band.length).toBeGreaterThan(20);
    expect(Math.abs(said - found)).toBeLessThan(0.15);
  }
});
