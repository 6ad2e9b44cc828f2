/**
 * From a question to a reply: the knowledge base, the sensitive words, and a model when it must be, all within one budget.
 * The live assistant and whoever tries a policy on a session of last month go through here alike.
 */
import type { World } from '../world.ts';
import { Budget } from './budget.ts';
import type { Evidence, ModelResult } from './evidence.ts';
import { findingOf } from './finding.ts';
import { judge, judgeModel, type Reply } from './judge.ts';
import type { Candidate, Finding, KnowledgeBase } from './knowledge-base.ts';
import type { Model, ModelOutcome } from './model.ts';
import { cutTo, plainText } from './plain-text.ts';
import type { Policy } from './policy.ts';
import { HAND_OVER, promptFor } from './prompt.ts';
import type { Question } from './question.ts';
import type { Reranker } from './reranker.ts';
import type { WordFilter } from './sensitive-words/word-filter.ts';
import { Showing } from './showing.ts';
import { tokensIn } from './tokens.ts';

export interface ThinkingPorts {
  readonly knowledge: KnowledgeBase;
  readonly filter: WordFilter;
  readonly model: Model | undefined;
  /** Asked when no entry is sure. */
  readonly reranker?: Reranker | undefined;
  readonly clock: Pick<World, 'monotonicMs' | 'after'>;
}

export interface Thinking {
  /** Whose question it is. */
  readonly tenant: string;
  /** Raised when the question is not the question any more. */
  readonly signal: AbortSignal;
  /** For everything from here to the reply. */
  readonly budgetMs: number;
  /** What can be shown while the answer is being written. */
  readonly onText: (piece: string) => void;
}

export type Thought = { readonly _tag: 'Thought'; readonly reply: Reply } | { readonly _tag: 'Overtaken' };

const overtaken: Thought = { _tag: 'Overtaken' };
const thought = (reply: Reply): Thought => ({ _tag: 'Thought', reply });

/** Rejects only for a bug. */
export const think = async (
  policy: Policy,
  ports: ThinkingPorts,
  question: Question,
  thinking: Thinking,
): Promise<Thought> => {
  const evidence = lookUp(policy, ports, question);
  const reply = judge(policy, question, evidence);
  // What is known is said at once, and costs nothing more.
  if (isAtOnce(reply)) return thought(reply);
  const budget = new Budget(ports.clock, thinking.budgetMs, thinking.signal);
  try {
    return await thinkLonger(policy, ports, question, thinking, evidence, budget);
  } finally {
    budget.end();
  }
};

/** Who has not finished asking is heard out first. */
const thinkLonger = async (
  policy: Policy,
  ports: ThinkingPorts,
  question: Question,
  thinking: Thinking,
  first: Evidence,
  budget: Budget,
): Promise<Thought> => {
  const { filter, model } = ports;
  if (policy.gatherMs > 0) await budget.wait(policy.gatherMs);
  const evidence = await reranked(policy, ports, question, first, budget);
  if (thinking.signal.aborted) return overtaken;
  const reply = judge(policy, question, evidence);
  if (reply !== 'ask-model') return thought(reply);
  if (model === undefined) throw new Error('a model is asked only where there is one');
  const result = await askModel(policy, { ...ports, model }, question, thinking, budget);
  if (result === 'Overtaken') return overtaken;
  return thought(judgeModel(policy, question, evidence, checked(policy, filter, result)));
};

/** Answers, refusals and persons asked for do not become others by what the visitor may add in a moment. */
const isAtOnce = (reply: Reply | 'ask-model'): reply is Reply =>
  reply !== 'ask-model' &&
  (reply.type === 'RefuseAnswer' ||
    (reply.type === 'Answer' && reply.why !== 'unknown') ||
    (reply.type === 'HandOff' && (reply.why === 'asked' || reply.why === 'frustrated')));

const lookUp = (policy: Policy, { knowledge, filter, model }: ThinkingPorts, question: Question): Evidence => {
  const { texts, chosen, locale } = question;
  const hasModel = policy.usesModel && model !== undefined;
  const isSensitive = filter.holds(texts.join('\n'));
  const entry = chosen === undefined ? undefined : knowledge.entry(chosen);
  const finding = fit(filter, bestOf(wordingsOf(texts).map((wording) => knowledge.find(wording, policy, locale))));
  return { isSensitive, finding, chosen: entry !== undefined && isFit(filter, entry) ? entry : undefined, hasModel };
};

/** A burst is one question, or else its newest message that is understood. */
const wordingsOf = (texts: readonly string[]): readonly string[] =>
  texts.length > 1 ? [texts.join(' '), ...texts.toReversed()] : texts;

const bestOf = (findings: readonly Finding[]): Finding =>
  findings.find(({ _tag }) => _tag === 'Sure') ??
  findings.find(({ _tag }) => _tag === 'Unsure') ??
  findings[0] ?? { _tag: 'Nothing', nearest: undefined };

/** What is forbidden is not said either when the knowledge base holds it. */
const isFit = (filter: WordFilter, { entry }: Candidate): boolean =>
  !filter.holds(entry.answer) && !filter.holds(entry.question);

const fit = (filter: WordFilter, finding: Finding): Finding => {
  if (finding._tag === 'Sure') return isFit(filter, finding.match) ? finding : nothing;
  if (finding._tag === 'Nothing') return finding;
  const choices = finding.choices.filter((choice) => isFit(filter, choice));
  return choices.length === 0 ? nothing : { _tag: 'Unsure', choices };
};
const nothing: Finding = { _tag: 'Nothing', nearest: undefined };

/** A second opinion may make one of several sure. A reranker that fails or is slow is done without. */
const reranked = async (
  policy: Policy,
  { reranker }: ThinkingPorts,
  { texts }: Question,
  evidence: Evidence,
  budget: Budget,
): Promise<Evidence> => {
  const { finding } = evidence;
  if (reranker === undefined || finding._tag !== 'Unsure') return evidence;
  const choices = await budget
    .within(reranker.rerank(texts.join('\n'), finding.choices, budget.signal))
    .catch(() => 'late' as const);
  return choices === 'late' || choices.length === 0 ? evidence : { ...evidence, finding: findingOf(choices, policy) };
};

const askModel = async (
  policy: Policy,
  { knowledge, filter, model, clock }: ThinkingPorts & { readonly model: Model },
  question: Question,
  { tenant, signal, onText }: Thinking,
  budget: Budget,
): Promise<ModelResult | 'Overtaken'> => {
  const begunAt = clock.monotonicMs();
  const candidates = knowledge
    .passages(question.texts.join(' '), policy.passagesMax)
    .filter((each) => isFit(filter, each));
  const { messages, passages, tokens } = promptFor(policy, question, candidates, filter);
  const show = new Showing(filter.guard(), policy.answerCharsMax, onText);
  const outcome = await budget.within(
    model.ask(
      {
        tenant,
        messages,
        promptTokens: tokens,
        answerTokensMax: Math.max(64, tokensIn('字'.repeat(policy.answerCharsMax))),
        requestsPerMinute: policy.modelRequestsPerMinute,
        tokensPerMinute: policy.modelTokensPerMinute,
      },
      budget.signal,
      (piece) => {
        // Whoever is late may still be talking.
        if (!budget.signal.aborted && !show.push(piece)) budget.stop();
      },
    ),
  );
  if (signal.aborted) return 'Overtaken';
  const latencyMs = Math.max(0, Math.round(clock.monotonicMs() - begunAt));
  const heard = { use: { name: model.name, latencyMs, ...tokensOf(outcome) }, passages };
  if (show.isForbidden) return { _tag: 'Failed', why: 'sensitive_answer', ...heard };
  if (show.isFull) return { _tag: 'Said', text: show.text, ...heard };
  if (outcome === 'late' || outcome._tag === 'Aborted') return { _tag: 'Failed', why: 'budget_spent', ...heard };
  return { ...outcome, ...heard };
};

const tokensOf = (outcome: ModelOutcome | 'late') =>
  outcome !== 'late' && outcome._tag === 'Said' ? outcome.tokens : {};

/** The model's words as they may be said: plain, short enough, and without what is forbidden. */
const checked = (policy: Policy, filter: WordFilter, result: ModelResult): ModelResult => {
  if (result._tag !== 'Said') return result;
  const { use, passages } = result;
  const text = cutTo(plainText(result.text), policy.answerCharsMax);
  if (text === '' || text.includes(HAND_OVER)) return { _tag: 'SteppedBack', use, passages };
  if (filter.holds(text)) return { _tag: 'Failed', why: 'sensitive_answer', use, passages };
  return { _tag: 'Said', text, use, passages };
};
