import { describe, expect, it } from 'vitest';
import type { Fact } from '../../events/facts.ts';
import { alice, assistant, claimedBy, given, opened, said, visitor } from '../../properties/story.ts';
import { contextOf } from '../session-state.ts';
import type { Evidence, ModelResult } from './evidence.ts';
import { judge, judgeModel } from './judge.ts';
import type { Candidate, Finding } from './knowledge-base.ts';
import { defaultPolicy, type PolicyPart } from './policy.ts';
import { type Question, QuestionFold } from './question.ts';

const candidate = (id: string, confidence: number): Candidate => ({
  entry: { id, lang: 'en', question: `What about ${id}?`, answer: `This about ${id}.` },
  revision: 'r1',
  confidence,
});
const sure: Finding = { _tag: 'Sure', match: candidate('return', 0.8) };
const unsure: Finding = { _tag: 'Unsure', choices: [candidate('return', 0.4), candidate('refund', 0.3)] };
const nothing: Finding = { _tag: 'Nothing', nearest: candidate('return', 0.1) };

/** The question that a session of these facts leaves. */
const after = (...facts: readonly Fact[]): Question => {
  const { state } = given([opened], ...facts.map((fact) => [fact]));
  const fold = new QuestionFold(contextOf(state));
  [opened, ...facts].forEach((fact, index) => fold.take(fact, index + 1));
  return fold.question();
};
const asked = after(said(visitor, 'how do I return it?'));

const judged = (finding: Finding, policy: PolicyPart = {}, more: Partial<Evidence> = {}, question = asked) =>
  judge({ ...defaultPolicy, ...policy }, question, {
    isSensitive: false,
    finding,
    chosen: undefined,
    hasModel: false,
    ...more,
  });

const decided = (outcome: 'answered' | 'offered' | 'asked-back', basedOn: number): Fact => ({
  type: 'AssistantDecided',
  basedOn,
  outcome,
  why: outcome === 'answered' ? 'known' : 'unsure',
  by: assistant,
  clientId: `reply-to-${basedOn}`,
  entry: 'return',
});
const offered = (basedOn: number): Fact => ({
  type: 'ChoicesOffered',
  basedOn,
  text: 'which?',
  choices: [{ entry: 'refund', question: 'What about refund?' }],
  by: assistant,
  clientId: `reply-to-${basedOn}`,
});

describe('a question', () => {
  it('is what the visitor has said since the last word, with what was said before', () => {
    const question = after(
      said(visitor, 'one'),
      decided('answered', 2),
      said(assistant, 'first'),
      said(visitor, 'two'),
      said(visitor, 'three'),
    );
    expect(question).toMatchObject({
      basedOn: 6,
      texts: ['two', 'three'],
      turns: [
        { role: 'visitor', text: 'one' },
        { role: 'assistant', text: 'first' },
      ],
      misses: 0,
      lastAnswer: { entry: 'return' },
    });
  });
  it('is a choice when an offered question is typed, however it is written', () => {
    expect(after(said(visitor), offered(2), said(visitor, 'what about REFUND')).chosen).toBe('refund');
    expect(after(said(visitor), offered(2), said(visitor, 'something else')).chosen).toBeUndefined();
    // Before it was offered it was no choice.
    expect(after(said(visitor, 'What about refund?'), offered(1)).chosen).toBeUndefined();
  });
  it('counts what has led to nothing, until something has helped', () => {
    const twice = [said(visitor), decided('offered', 2), said(visitor), decided('asked-back', 4), said(visitor)];
    expect(after(...twice).misses).toBe(2);
    expect(after(...twice, decided('answered', 6), said(visitor)).misses).toBe(0);
  });
  it('rests on the reopening, when it was asked before that', () => {
    const closed: Fact = { type: 'SessionClosed', by: visitor, clientId: 'close' };
    const reopened: Fact = { type: 'SessionReopened', by: visitor, clientId: 'reopen' };
    expect(after(said(visitor), closed, reopened)).toMatchObject({ basedOn: 4, texts: ['hello'] });
  });
});

describe('the assistant', () => {
  it('answers what it knows, with where it has it from', () => {
    expect(judged(sure)).toEqual({
      type: 'Answer',
      basedOn: 2,
      text: 'This about return.',
      why: 'known',
      source: 'knowledge',
      entry: 'return',
      revision: 'r1',
      confidence: 0.8,
    });
  });
  it('offers what may be meant, and asks a model first only where it is told to', () => {
    expect(judged(unsure, {}, { hasModel: true })).toMatchObject({
      type: 'OfferChoices',
      choices: [{ entry: 'return' }, { entry: 'refund' }],
    });
    expect(judged(unsure, { onUnsure: 'model' }, { hasModel: true })).toBe('ask-model');
    expect(judged(unsure, { onUnsure: 'model' })).toMatchObject({ type: 'OfferChoices' });
  });
  it('asks a model only when it must', () => {
    expect(judged(nothing, {}, { hasModel: true })).toBe('ask-model');
    expect(judged(sure, {}, { hasModel: true })).toMatchObject({ type: 'Answer' });
    expect(judged(nothing)).toMatchObject({ type: 'HandOff', why: 'unknown', confidence: 0.1 });
  });
  it('says nothing to what is sensitive, though it knows the answer, and gives people whoever wants them', () => {
    const isSensitive = true;
    expect(judged(sure, {}, { isSensitive })).toMatchObject({
      type: 'RefuseAnswer',
      code: 403,
      why: 'sensitive_question',
    });
    expect(judged(sure, {}, { isSensitive })).not.toHaveProperty('text');
    expect(judged(sure, { on403: 'say' }, { isSensitive })).toMatchObject({
      code: 403,
      text: 'Sorry, I cannot answer that.',
    });
    const person = after(said(visitor, 'I want to talk to a real person'));
    expect(judged(sure, { on403: 'say' }, { isSensitive }, person)).not.toHaveProperty('text');
  });
  it('gives people whoever wants them, with a note only when something was tried', () => {
    const wants = said(visitor, 'talk to a human');
    expect(judged(sure, {}, {}, after(wants))).toEqual({ type: 'HandOff', basedOn: 2, why: 'asked' });
    expect(judged(sure, {}, {}, after(said(visitor), decided('answered', 2), wants))).toMatchObject({
      why: 'asked',
      note: 'Had answered before, last from return.',
    });
  });
  it('does not offer for ever', () => {
    const ignored = after(
      said(visitor, 'one'),
      decided('offered', 2),
      said(visitor, 'two'),
      decided('offered', 4),
      said(visitor, 'three'),
    );
    expect(judged(unsure, {}, {}, ignored)).toMatchObject({ type: 'HandOff', why: 'unhelped' });
    expect(judged(unsure, {}, { hasModel: true }, ignored)).toBe('ask-model');
    expect(judged(unsure, { missesMax: 3 }, {}, ignored)).toMatchObject({ type: 'OfferChoices' });
  });
  it('asks back once where it may, and not twice', () => {
    expect(judged(nothing, { onUnknown: 'ask-back' })).toMatchObject({ type: 'Answer', why: 'unknown' });
    const before = after(said(visitor), decided('asked-back', 2), said(visitor));
    expect(judged(nothing, { onUnknown: 'ask-back' }, {}, before)).toMatchObject({ type: 'HandOff', why: 'unhelped' });
  });
  it('lets the impatient go, unless it knows what they ask', () => {
    const angry = after(said(visitor, 'this is ridiculous, where is it'));
    expect(judged(nothing, {}, { hasModel: true }, angry)).toMatchObject({ type: 'HandOff', why: 'frustrated' });
    expect(judged(sure, {}, {}, angry)).toMatchObject({ type: 'Answer' });
    expect(judged(nothing, { handsOverTheFrustrated: false }, {}, angry)).toMatchObject({ why: 'unknown' });
  });
  it('forgets what was tried once a person has been there', () => {
    expect(after(said(visitor), decided('offered', 2), claimedBy(alice)).misses).toBe(0);
  });
});

describe('after a model was asked', () => {
  const heard = { use: { name: 'm', latencyMs: 3 }, passages: [candidate('return', 0.1)] };
  const result = (how: Pick<ModelResult, '_tag'> & Record<string, unknown>): ModelResult =>
    ({ ...heard, ...how }) as ModelResult;
  const judgedBy = (how: ModelResult, policy: PolicyPart = {}) =>
    judgeModel(
      { ...defaultPolicy, ...policy },
      asked,
      { isSensitive: false, finding: nothing, chosen: undefined, hasModel: true },
      how,
    );

  it('its answer carries what it was given', () => {
    expect(judgedBy(result({ _tag: 'Said', text: 'so' }))).toMatchObject({
      type: 'Answer',
      text: 'so',
      why: 'generated',
      source: 'model',
      model: { name: 'm', latencyMs: 3 },
      passages: [{ entry: 'return', revision: 'r1' }],
    });
  });
  it.each([
    ['budget_spent', 504],
    ['breaker_open', 503],
    ['overloaded', 503],
    ['limit_reached', 503],
    ['model_failed', 503],
    ['sensitive_answer', 403],
  ] as const)('%s is refused with %i, and people are asked or not as the policy says', (why, code) => {
    const failed = result({ _tag: 'Failed', why });
    expect(judgedBy(failed)).toMatchObject({
      type: 'RefuseAnswer',
      code,
      why,
      note: expect.stringContaining('Asked the model m') as string,
    });
    expect(judgedBy(failed)).not.toHaveProperty('text');
    expect(judgedBy(failed, { [`on${code}`]: 'say' })).toHaveProperty('text');
  });
});
