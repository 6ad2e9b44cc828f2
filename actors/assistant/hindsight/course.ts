/**
 * The course a session takes under a policy, from the verdicts on its questions: once people have it they keep it, and the
 * assistant is not asked again. Whether it would have gone on is not known once a verdict is not.
 */
import type { Happening } from './story.ts';
import type { Verdict } from './verdict.ts';

export type Holder = 'assistant' | 'people' | 'unknown';

/** How a question fared: who had the session, and how long the visitor waited to hear anything. */
export interface Fared {
  readonly holder: Holder;
  /**
   * In milliseconds. `never`: nobody ever said anything. `people`: they would have been asked, and nobody knows how long they
   * would have taken. `unknown`: it rests on what is not in the log.
   */
  readonly waitMs: number | 'never' | 'people' | 'unknown';
}

export interface Course {
  /** One for each question, in order. */
  readonly fared: readonly Fared[];
  /** Who had the session in the end. */
  readonly end: Holder;
}

/** As it was, as far as it is recorded; where the assistant left no record, by the present policy's verdicts. */
export const courseBefore = (happenings: readonly Happening[], verdicts: readonly Verdict[]): Course =>
  course(happenings, verdicts, true, ({ waitMs }) => waitMs ?? 'never');

/** As it would have been. */
export const courseAfter = (happenings: readonly Happening[], verdicts: readonly Verdict[]): Course =>
  course(happenings, verdicts, false, ({ waitMs, answeredBy }, holder, verdict) => {
    if (holder === 'unknown' || (holder === 'assistant' && verdict.outcome === 'unknown')) return 'unknown';
    if (holder === 'assistant' && !verdict.handsOver) return verdict.delayMs;
    // Where people answered it they would have answered it again; where nobody did, nobody would have.
    if (answeredBy === 'person' && waitMs !== undefined) return waitMs;
    return answeredBy === undefined ? 'never' : 'people';
  });

type WaitFor = (asked: Extract<Happening, { _tag: 'Asked' }>, holder: Holder, verdict: Verdict) => Fared['waitMs'];

const course = (
  happenings: readonly Happening[],
  verdicts: readonly Verdict[],
  isRecorded: boolean,
  waitFor: WaitFor,
): Course => {
  const fared: Fared[] = [];
  let holder: Holder = 'assistant';
  for (const happening of happenings) {
    if (happening._tag === 'TakenOver') holder = 'people';
    if (happening._tag === 'Reopened' && happening.toAssistant) holder = 'assistant';
    if (happening._tag !== 'Asked') continue;
    // Whoever has decided had the session, whatever the present policy would have done before.
    if (isRecorded && happening.recorded !== undefined) holder = 'assistant';
    const verdict = verdicts[fared.length];
    if (verdict === undefined) throw new Error('each question has a verdict');
    fared.push({ holder, waitMs: waitFor(happening, holder, verdict) });
    if (holder === 'assistant') holder = holderAfter(verdict);
  }
  return { fared, end: holder };
};

const holderAfter = ({ outcome, handsOver }: Verdict): Holder => {
  if (outcome === 'unknown') return 'unknown';
  return handsOver ? 'people' : 'assistant';
};
