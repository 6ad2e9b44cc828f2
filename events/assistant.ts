/** What the assistant's facts and commands have in common: where its words come from, and why it stepped back. */
import * as t from 'io-ts';
import { Constrained, fraction, integer, struct, text } from './codec.ts';
import { EntryId } from './knowledge.ts';
import { CHOICES_MAX, PASSAGES_MAX, TEXT_CHARS_MAX } from './limits.ts';

const Revision = text(128);

/** A model that was asked: how long it took, and what it counted, where it says so. */
export const ModelUse = struct(
  { name: text(128), latencyMs: integer(0) },
  { promptTokens: integer(0), completionTokens: integer(0) },
);
export type ModelUse = t.TypeOf<typeof ModelUse>;

/** An entry of the knowledge base that the model was given to read. */
export const Passage = struct({ entry: EntryId, revision: Revision });
export type Passage = t.TypeOf<typeof Passage>;

/** From `min` to `max` of them. */
const listOf = <C extends t.Mixed>(each: C, min: number, max: number): t.Type<readonly t.TypeOf<C>[]> =>
  t.intersection([
    new Constrained<unknown[]>(
      `a list of ${min} to ${max}`,
      { type: 'array', minItems: min, maxItems: max },
      (value): value is unknown[] => Array.isArray(value) && value.length >= min && value.length <= max,
    ),
    t.array(each),
  ]) as t.Type<unknown> as t.Type<readonly t.TypeOf<C>[]>;

/** From what an answer was made, or what the assistant had in hand when it gave none. */
export const trail = {
  source: t.keyof({ knowledge: null, model: null }),
  entry: EntryId,
  revision: Revision,
  confidence: fraction(0, 1),
  model: ModelUse,
  passages: listOf(Passage, 0, PASSAGES_MAX),
};
const Trail = t.partial(trail);
export type Trail = Readonly<t.TypeOf<typeof Trail>>;

/** A question of the knowledge base that the visitor may have meant. */
export const Choice = struct({ entry: EntryId, question: text(TEXT_CHARS_MAX) });
export type Choice = t.TypeOf<typeof Choice>;
export const Choices = listOf(Choice, 1, CHOICES_MAX);

/** The offer that was answered, by the seq of its `ChoicesOffered`, and the entry that was chosen. */
export const Chosen = struct({ offer: integer(1), entry: EntryId });
export type Chosen = t.TypeOf<typeof Chosen>;

/** 403: sensitive words. 503: no model can be asked now. 504: the time is spent. */
export const RefusalCode = new Constrained<403 | 503 | 504>(
  'one of 403, 503, 504',
  { type: 'integer', enum: [403, 503, 504] },
  (value): value is 403 | 503 | 504 => value === 403 || value === 503 || value === 504,
);
export type RefusalCode = t.TypeOf<typeof RefusalCode>;

/** What stands behind the code. */
export const RefusalWhy = t.keyof({
  /** 403: a sensitive word in what the visitor wrote. */
  sensitive_question: null,
  /** 403: one in what the model was about to say. */
  sensitive_answer: null,
  /** 503: the model has failed so often of late that it is left alone for a while. */
  breaker_open: null,
  /** 503: too many questions are with the model already. */
  overloaded: null,
  /** 503: the tenant has used up what it may ask for in a minute. */
  limit_reached: null,
  /** 503: the model could not be reached, broke off, or answered with nonsense. */
  model_failed: null,
  /** 504 */
  budget_spent: null,
});
export type RefusalWhy = t.TypeOf<typeof RefusalWhy>;

/** Why a question is left to people without an answer and without a refusal. */
export const HandOffWhy = t.keyof({
  asked: null,
  unknown: null,
  /** Offers or requests to say it otherwise have led to nothing. */
  unhelped: null,
  /** The visitor is visibly losing patience. */
  frustrated: null,
  /** The visitor writes faster than anybody could answer. */
  unceasing: null,
});
export type HandOffWhy = t.TypeOf<typeof HandOffWhy>;
