/** What becomes of a question, recorded or thought out: in one form, so that they can be compared. */
import type { FactOf } from '../../../events/facts.ts';
import type { Reply } from '../judge.ts';

export const outcomes = [
  'answered from knowledge',
  'answered by the model',
  'offered a choice',
  'asked back',
  'handed to people',
  'refused with 403',
  'refused with 503',
  'refused with 504',
  'unknown',
] as const;
/** `unknown`: a model would have been asked, and the log does not say what it would have answered. */
export type Outcome = (typeof outcomes)[number];

export interface Verdict {
  readonly outcome: Outcome;
  /** The assistant's own reason. */
  readonly why: string;
  /** Whether people have the session from here on. */
  readonly handsOver: boolean;
  /** Until the assistant has done it, in milliseconds. */
  readonly delayMs: number;
  /** The entry that the answer is. */
  readonly entry: string | undefined;
  readonly confidence: number | undefined;
  /** What the visitor is told. */
  readonly text: string | undefined;
  /** How a model answered, where one was asked. */
  readonly model: ModelRecord | undefined;
}

/** What the log says of one request to a model. */
export type ModelRecord =
  | { readonly _tag: 'Said'; readonly text: string; readonly latencyMs: number }
  | { readonly _tag: 'SteppedBack'; readonly latencyMs: number }
  | { readonly _tag: 'Failed'; readonly why: FactOf<'AssistantRefused'>['why']; readonly latencyMs: number };

/** A recorded decision, with what was said by it. */
export interface Decision {
  readonly fact: FactOf<'AssistantDecided'> | FactOf<'AssistantRefused'>;
  readonly text: string | undefined;
}

export const madeBy = ({ fact, text }: Decision, delayMs: number): Verdict => {
  const { entry, confidence } = fact;
  const rest = { why: fact.why, delayMs, entry, confidence, text, model: modelRecordOf({ fact, text }) };
  if (fact.type === 'AssistantRefused')
    return { outcome: `refused with ${fact.code}`, handsOver: text === undefined, ...rest };
  switch (fact.outcome) {
    case 'answered':
      return { outcome: answered(fact.why), handsOver: false, ...rest };
    case 'offered':
      return { outcome: 'offered a choice', handsOver: false, ...rest };
    case 'asked-back':
      return { outcome: 'asked back', handsOver: false, ...rest };
    case 'handoff':
      return { outcome: 'handed to people', handsOver: true, ...rest };
  }
};

const answered = (why: string): Outcome => (why === 'generated' ? 'answered by the model' : 'answered from knowledge');

export const modelRecordOf = ({ fact, text }: Decision): ModelRecord | undefined => {
  if (fact.model === undefined) return undefined;
  const { latencyMs } = fact.model;
  if (fact.type === 'AssistantRefused') return { _tag: 'Failed', why: fact.why, latencyMs };
  if (fact.why === 'generated' && text !== undefined) return { _tag: 'Said', text, latencyMs };
  return { _tag: 'SteppedBack', latencyMs };
};

/** The assistant's deadline has passed: people were asked instead. */
export const tooLate = (delayMs: number): Verdict => ({
  ...notInTheLog,
  outcome: 'handed to people',
  why: 'no_answer_in_time',
  handsOver: true,
  delayMs,
});

export const notInTheLog: Verdict = {
  outcome: 'unknown',
  why: 'not_in_the_log',
  handsOver: false,
  delayMs: 0,
  entry: undefined,
  confidence: undefined,
  text: undefined,
  model: undefined,
};

/** The verdict that a reply is. */
export const givenBy = (reply: Reply, delayMs: number): Verdict => {
  const { entry, confidence } = reply;
  const rest = { delayMs, entry, confidence, model: undefined };
  switch (reply.type) {
    case 'Answer': {
      const { why = 'known', text } = reply;
      const outcome = why === 'unknown' ? 'asked back' : answered(why);
      return { ...rest, outcome, why, handsOver: false, text };
    }
    case 'OfferChoices':
      return { ...rest, outcome: 'offered a choice', why: 'unsure', handsOver: false, text: offered(reply) };
    case 'HandOff':
      return { ...rest, outcome: 'handed to people', why: reply.why, handsOver: true, text: undefined };
    case 'RefuseAnswer': {
      const { code, why, text } = reply;
      return { ...rest, outcome: `refused with ${code}`, why, handsOver: text === undefined, text };
    }
  }
};

export const offered = ({ text, choices }: Pick<FactOf<'ChoicesOffered'>, 'text' | 'choices'>): string =>
  [text, ...choices.map(({ question }) => question)].join(' / ');

/** Whether the visitor would notice a difference. */
export const differs = (before: Verdict, after: Verdict): boolean =>
  before.outcome !== after.outcome || before.handsOver !== after.handsOver || before.text !== after.text;
