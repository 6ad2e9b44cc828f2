/** A past question put to a policy: the way of the live assistant, with a model that may be the log's memory of one. */
import type { World } from '../../world.ts';
import type { Knowledge } from '../knowledge-base.ts';
import type { Model, ModelOutcome } from '../model.ts';
import type { Policies, Policy } from '../policy.ts';
import { HAND_OVER } from '../prompt.ts';
import type { WordFilter } from '../sensitive-words/word-filter.ts';
import { think } from '../think.ts';
import type { RecordedAnswers } from './recorded-answers.ts';
import type { Asked } from './story.ts';
import { givenBy, type ModelRecord, notInTheLog, type Verdict } from './verdict.ts';

/** One policy with everything that belongs to it. */
export interface Side {
  readonly policies: Policies;
  readonly knowledge: Knowledge;
  readonly filter: WordFilter;
  readonly budgetMs: number;
}

/** Where a model's words come from. */
export type ModelSource =
  | { readonly _tag: 'None' }
  /** `isAsked`: whether a model is to be asked where the log has never seen one. */
  | { readonly _tag: 'Recorded'; readonly answers: RecordedAnswers; readonly isAsked: boolean }
  | { readonly _tag: 'Live'; readonly model: TimedModel };

/** A model that says itself how long an answer took, also when it is the one that somebody else was given before. */
export interface TimedModel {
  readonly name: string;
  readonly ask: (...asking: Parameters<Model['ask']>) => Promise<{ outcome: ModelOutcome; latencyMs: number }>;
}

const noSignal = new AbortController().signal;
const looksOn = (): void => undefined;

export const thinkAgain = async (
  { policies, knowledge, filter, budgetMs }: Side,
  source: ModelSource,
  clock: Pick<World, 'monotonicMs' | 'after'>,
  asked: Asked,
  misses: number,
): Promise<Verdict> => {
  const { tenant } = asked.ref;
  const policy = policies.of(tenant);
  const memory = modelFor(source, asked, budgetMs);
  const thought = await think(
    // The whole burst is on record: there is nothing to wait for. And a month is asked about in a minute.
    { ...policy, gatherMs: 0, modelRequestsPerMinute: 0, modelTokensPerMinute: 0 },
    { knowledge: knowledge.of(tenant), filter, model: memory?.model, clock },
    { ...asked.question, misses },
    { tenant, signal: noSignal, budgetMs, onText: looksOn },
  );
  if (thought._tag === 'Overtaken') throw new Error('nobody overtakes the past');
  if (memory?.isLost() === true) return notInTheLog;
  const { reply } = thought;
  const latencyMs = reply.model === undefined ? 0 : (memory?.latencyMs() ?? reply.model.latencyMs);
  return givenBy(reply, latencyMs + gathering(policy, reply));
};

type Given = Parameters<typeof givenBy>[0];

/** What was known at once was said without waiting for more. */
const gathering = ({ gatherMs }: Policy, reply: Given): number => {
  const isAtOnce =
    (reply.type === 'Answer' && (reply.why === 'known' || reply.why === 'chosen')) ||
    (reply.type === 'RefuseAnswer' && reply.why === 'sensitive_question') ||
    (reply.type === 'HandOff' && (reply.why === 'asked' || reply.why === 'frustrated'));
  return isAtOnce ? 0 : gatherMs;
};

interface Memory {
  readonly model: Model;
  /** Whether it was asked for what the log does not say. */
  readonly isLost: () => boolean;
  /** How long the answer took; `undefined` where there is none. */
  readonly latencyMs: () => number | undefined;
}

const modelFor = (source: ModelSource, asked: Asked, budgetMs: number): Memory | undefined => {
  switch (source._tag) {
    case 'None':
      return undefined;
    case 'Live':
      return timed(source.model);
    case 'Recorded': {
      const { answers, isAsked } = source;
      const { tenant } = asked.ref;
      if (!isAsked && !answers.knowsOf(tenant)) return undefined;
      return remembered(asked.recorded?.model ?? answers.answerTo(tenant, asked.question.texts), budgetMs);
    }
  }
};

const timed = ({ name, ask }: TimedModel): Memory => {
  let tookMs: number | undefined;
  const model: Model = {
    name,
    ask: async (...asking) => {
      const { outcome, latencyMs } = await ask(...asking);
      tookMs = latencyMs;
      return outcome;
    },
  };
  return { model, isLost: () => false, latencyMs: () => tookMs };
};

const remembered = (record: ModelRecord | undefined, budgetMs: number): Memory => {
  let isAsked = false;
  const model: Model = {
    name: 'recorded',
    ask: (_request, _signal, onText) => {
      isAsked = true;
      return Promise.resolve(outcomeOf(record, budgetMs, onText));
    },
  };
  return {
    model,
    isLost: () => isAsked && record === undefined,
    latencyMs: () => (isAsked && record !== undefined ? Math.min(record.latencyMs, budgetMs) : undefined),
  };
};

const outcomeOf = (
  record: ModelRecord | undefined,
  budgetMs: number,
  onText: (piece: string) => void,
): ModelOutcome => {
  if (record === undefined) return { _tag: 'Failed', why: 'model_failed' };
  // Whoever has less time than the recorded answer took would not have had it.
  if (record.latencyMs >= budgetMs) return { _tag: 'Aborted' };
  switch (record._tag) {
    case 'Said':
      onText(record.text);
      return { _tag: 'Said', text: record.text, tokens: {} };
    case 'SteppedBack':
      onText(HAND_OVER);
      return { _tag: 'Said', text: HAND_OVER, tokens: {} };
    case 'Failed':
      return record.why === 'budget_spent' || record.why === 'sensitive_question'
        ? { _tag: 'Aborted' }
        : { _tag: 'Failed', why: record.why };
  }
};
