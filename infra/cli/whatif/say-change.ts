/** One question that fares otherwise, in two or three lines. */
import type { Change, Fate } from '../../../actors/assistant/hindsight/comparison.ts';
import type { Verdict } from '../../../actors/assistant/hindsight/verdict.ts';
import { quoted } from './lay-out.ts';

/** Lines no wider than so many columns, the session and seq in front, behind so much room. */
export const sayChange = (
  { session, seq, texts, from, to, before, after }: Change,
  columns: number,
  indent: string,
): readonly string[] => {
  const place = `${indent}${session} ${String(seq).padEnd(4)} `;
  const lead = ' '.repeat(place.length);
  return [
    place + quoted(texts.join(' '), columns - place.length),
    ...(from === to ? [said(`${lead}was `, from, before, columns)] : []),
    ...(to === 'with people' || to === 'unknown' ? [] : [said(`${lead}→ `, to, after, columns)]),
  ];
};

/** The words and where they come from; else the reason for having none. */
const said = (lead: string, fate: Fate, { why, entry, confidence, text }: Verdict, columns: number): string => {
  const sure = confidence === undefined ? '' : ` (${confidence.toFixed(2)})`;
  const source = entry === undefined ? '' : `${entry.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')}${sure} `;
  const isSaid = fate.startsWith('answered') || fate === 'offered a choice';
  const start = `${lead}${isSaid ? source : (reasons[why] ?? why)}`;
  return isSaid && text !== undefined ? start + quoted(text, Math.max(20, columns - start.length)) : start;
};

const reasons: Readonly<Record<string, string>> = {
  asked: 'asks for a person',
  unknown: 'no answer is known',
  unhelped: 'what the assistant has tried led to nothing',
  frustrated: 'loses patience',
  unceasing: 'never stops writing',
  no_answer_in_time: 'no answer in time',
  sensitive_question: 'a sensitive word in the question',
  sensitive_answer: 'a sensitive word in the model’s answer',
  breaker_open: 'the model was left alone',
  overloaded: 'too many questions were with the model',
  limit_reached: 'what may be asked in a minute was used up',
  model_failed: 'the model did not answer',
  budget_spent: 'the model did not answer in time',
};
