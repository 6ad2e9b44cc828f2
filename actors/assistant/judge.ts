/**
 * What the assistant makes of a question: from the policy, what was found and what the model said to the one command that
 * answers it. Pure, so that a past session can be put to another policy.
 */
import type { Choice, Passage, RefusalCode, RefusalWhy } from '../../events/assistant.ts';
import type { Command } from '../../events/commands.ts';
import { asksForPerson } from './asks-for-person.ts';
import { type Evidence, type ModelResult, nearestOf, type Tried } from './evidence.ts';
import { isFrustrated } from './frustration.ts';
import type { Candidate, Finding } from './knowledge-base.ts';
import { noteFor } from './note.ts';
import type { Policy } from './policy.ts';
import { type Question, speaksChinese } from './question.ts';
import { sentencesIn } from './sentences.ts';

export type Reply = Extract<Command, { type: 'Answer' | 'OfferChoices' | 'HandOff' | 'RefuseAnswer' }>;

/** The reply that needs no model, or that one is to be asked. */
export const judge = (policy: Policy, question: Question, evidence: Evidence): Reply | 'ask-model' => {
  const { basedOn, texts } = question;
  const { isSensitive, finding, chosen, hasModel } = evidence;
  const wantsPerson = texts.some(asksForPerson);
  if (isSensitive) return refusal(policy, question, 'sensitive_question', { finding, mustHandOff: wantsPerson });
  if (wantsPerson) return handOff(question, 'asked', {});
  if (chosen !== undefined) return answerFrom(question, chosen, 'chosen');
  if (policy.handsOverTheFrustrated && (finding._tag !== 'Sure' || question.misses > 0) && isFrustrated(question))
    return handOff(question, 'frustrated', { finding });
  if (finding._tag === 'Sure') return answerFrom(question, finding.match, 'known');
  if (finding._tag === 'Unsure' && (policy.onUnsure === 'offer' || !hasModel)) {
    if (question.misses >= policy.missesMax) return hasModel ? 'ask-model' : handOff(question, 'unhelped', { finding });
    const choices = finding.choices.map(({ entry }): Choice => ({ entry: entry.id, question: entry.question }));
    const { whichOne } = sentencesIn(speaksChinese(question));
    return { type: 'OfferChoices', basedOn, text: whichOne, choices, source: 'knowledge', ...sureness(finding) };
  }
  return hasModel ? 'ask-model' : unknown(policy, question, { finding });
};

/** The reply after a model was asked. */
export const judgeModel = (policy: Policy, question: Question, { finding }: Evidence, result: ModelResult): Reply => {
  switch (result._tag) {
    case 'Said': {
      const { basedOn } = question;
      const { use: model, passages, text } = result;
      const trail = { source: 'model', model, passages: passages.map(passageOf), ...sureness(finding) } as const;
      return { type: 'Answer', basedOn, text, why: 'generated', ...trail };
    }
    case 'SteppedBack':
      return unknown(policy, question, { finding, result });
    case 'Failed':
      return refusal(policy, question, result.why, { finding, result });
  }
};

export const handOff = (question: Question, why: Extract<Reply, { type: 'HandOff' }>['why'], tried: Tried): Reply => ({
  type: 'HandOff',
  basedOn: question.basedOn,
  why,
  ...noted(question, tried),
  ...trailOf(tried),
});

const unknown = (policy: Policy, question: Question, tried: Tried): Reply => {
  const isFirst = question.misses + 1 < policy.missesMax;
  if (policy.onUnknown === 'handoff') return handOff(question, 'unknown', tried);
  if (!isFirst) return handOff(question, 'unhelped', tried);
  const { otherwise: text } = sentencesIn(speaksChinese(question));
  return { type: 'Answer', basedOn: question.basedOn, text, why: 'unknown', ...trailOf(tried) };
};

interface Refusing extends Tried {
  readonly mustHandOff?: boolean;
}

const refusal = (
  policy: Policy,
  question: Question,
  why: RefusalWhy,
  { mustHandOff = false, ...tried }: Refusing,
): Reply => {
  const code = codeOf(why);
  const { basedOn } = question;
  const isMissedTooOften = question.misses + 1 >= policy.missesMax && code !== 403;
  const says = policy[`on${code}`] === 'say' && !mustHandOff && !isMissedTooOften;
  const then = says ? { text: sentencesIn(speaksChinese(question)).refused[code] } : noted(question, tried, why);
  return { type: 'RefuseAnswer', basedOn, code, why, ...then, ...trailOf(tried) };
};

const codeOf = (why: RefusalWhy): RefusalCode => {
  if (why === 'sensitive_question' || why === 'sensitive_answer') return 403;
  return why === 'budget_spent' ? 504 : 503;
};

const answerFrom = (
  { basedOn }: Question,
  { entry, revision, confidence }: Candidate,
  why: 'known' | 'chosen',
): Reply => ({
  type: 'Answer',
  basedOn,
  text: entry.answer,
  why,
  source: 'knowledge',
  entry: entry.id,
  revision,
  confidence: rounded(confidence),
});

const noted = (question: Question, tried: Tried, refused?: RefusalWhy): { note?: string } => {
  const note = noteFor(question, tried, refused);
  return note === undefined ? {} : { note };
};

const trailOf = ({ finding, result }: Tried) => ({
  ...(finding === undefined ? {} : sureness(finding)),
  ...(result === undefined ? {} : { model: result.use, passages: result.passages.map(passageOf) }),
});

const sureness = (finding: Finding): { confidence: number } => ({
  confidence: rounded(nearestOf(finding)?.confidence ?? 0),
});

const passageOf = ({ entry, revision }: Candidate): Passage => ({ entry: entry.id, revision });

const rounded = (confidence: number): number => Math.round(Math.min(1, Math.max(0, confidence)) * 1_000) / 1_000;
