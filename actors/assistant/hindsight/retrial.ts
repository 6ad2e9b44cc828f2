/** One session under one policy: its questions in order, each with what this policy itself has led to before. */
import type { Happening } from './story.ts';
import type { Verdict } from './verdict.ts';

/** A verdict on a question that so many offers and requests to say it otherwise have come before. */
export type Judge = (asked: Extract<Happening, { _tag: 'Asked' }>, misses: number) => Promise<Verdict>;

/** A verdict on each question. While people have the session each question stands by itself. */
export const retry = async (happenings: readonly Happening[], judge: Judge): Promise<readonly Verdict[]> => {
  const verdicts: Verdict[] = [];
  let misses = 0;
  let isWithPeople = false;
  for (const happening of happenings) {
    switch (happening._tag) {
      case 'TakenOver':
        isWithPeople = true;
        misses = 0;
        break;
      case 'Reopened':
        if (happening.toAssistant) isWithPeople = false;
        misses = 0;
        break;
      case 'Asked': {
        // Whoever has chosen from an offer has been helped.
        if (happening.question.chosen !== undefined) misses = 0;
        const verdict = await judge(happening, misses);
        verdicts.push(verdict);
        if (verdict.handsOver) isWithPeople = true;
        misses = isWithPeople || !isMiss(verdict) ? 0 : misses + 1;
        break;
      }
    }
  }
  return verdicts;
};

const isMiss = ({ outcome }: Verdict): boolean =>
  outcome === 'offered a choice' || outcome === 'asked back' || outcome.startsWith('refused');
