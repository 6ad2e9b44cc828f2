/** What the assistant makes of what a visitor wrote. Pure, so that a policy can be tried again on old sessions. */
import type { Command } from '../../events/commands.ts';
import { asksForPerson } from './asks-for-person.ts';
import type { KnowledgeBase } from './knowledge-base.ts';

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
    const found = knowledge.find(wording);
    if (found._tag === 'Sure') {
      const { entry, confidence } = found.match;
      return { type: 'Answer', basedOn, text: entry.answer, entry: entry.id, confidence: rounded(confidence) };
    }
    const nearest = found._tag === 'Unsure' ? found.choices[0] : found.nearest;
    best = Math.max(best, rounded(nearest?.confidence ?? 0));
  }
  return { type: 'HandOff', basedOn, why: 'unknown', confidence: best };
};

const rounded = (confidence: number): number => Math.round(confidence * 1000) / 1000;
