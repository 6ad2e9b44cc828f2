/** What the assistant makes of what a visitor wrote. Pure, so that a policy can be tried again on old sessions. */
import type { Command } from '../../events/commands.ts';
import { asksForPerson } from './asks-for-person.ts';
import type { KnowledgeBase } from './knowledge-base.ts';

/** Below this confidence an answer would be a guess, and a person is asked instead. */
export const SURE_FROM = 0.5;

/** Visitor messages without an answer, oldest first. */
export interface Question {
  /** Seq of the newest of them. */
  readonly basedOn: number;
  readonly texts: readonly string[];
}

export type Reply = Extract<Command, { type: 'Answer' | 'HandOff' }>;

/** A burst of messages gets one reply: to all of them together, or else to the newest that is understood. */
export const replyTo = (knowledge: KnowledgeBase, { basedOn, texts }: Question): Reply => {
  if (texts.some(asksForPerson)) return { type: 'HandOff', basedOn, why: 'asked' };
  const wordings = texts.length > 1 ? [texts.join(' '), ...texts.toReversed()] : texts;
  let best = 0;
  for (const wording of wordings) {
    const match = knowledge.find(wording);
    if (match === undefined) continue;
    const confidence = Math.round(match.confidence * 1000) / 1000;
    if (confidence >= SURE_FROM)
      return { type: 'Answer', basedOn, text: match.entry.answer, entry: match.entry.id, confidence };
    best = Math.max(best, confidence);
  }
  return { type: 'HandOff', basedOn, why: 'unknown', confidence: best };
};
