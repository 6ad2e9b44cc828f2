/** Past sessions, whole and one after the other, put to two policies. */
import type { Comparison } from '../../../actors/assistant/hindsight/comparison.ts';
import { RecordedAnswers } from '../../../actors/assistant/hindsight/recorded-answers.ts';
import { retry } from '../../../actors/assistant/hindsight/retrial.ts';
import { type ModelSource, type Side, thinkAgain } from '../../../actors/assistant/hindsight/second-thought.ts';
import { type Asked, Story } from '../../../actors/assistant/hindsight/story.ts';
import type { Verdict } from '../../../actors/assistant/hindsight/verdict.ts';
import { lastSeq } from '../../../events/commit.ts';
import type { EventLog } from '../../../events/event-log.ts';
import { systemClock } from '../../clock.ts';
import type { Period } from '../moment.ts';
import type { Progress } from '../progress.ts';
import { commitsIn, type Reading, Sessions } from '../sessions-in-log.ts';

/** What is tried, on what. */
export interface Trial {
  readonly before: Side;
  readonly after: Side;
  readonly period: Period;
  readonly reading: Reading;
  /** Where a model's words come from, given what the log holds of them. */
  readonly sourceOf: (answers: RecordedAnswers) => ModelSource;
}

/** Sessions that are thought about at once, for a model that is really asked. */
const AT_ONCE = 8;

/** Twice through the log; `bar` hears of both. */
export const overTheLog = async (
  log: EventLog,
  trial: Trial,
  comparison: Comparison,
  bar: Pick<Progress, 'reached'>,
): Promise<void> => {
  const { ends, answers } = await survey(log, trial.reading, bar);
  const source = trial.sourceOf(answers);
  await compare(log, trial.reading, bar, ends, (story) => putToBoth(story, comparison, trial, source));
};

interface Survey {
  /** The last seq of each session. */
  readonly ends: ReadonlyMap<string, number>;
  readonly answers: RecordedAnswers;
}

/** Once through the log before anything is judged, so that a session can be let go as soon as it is over. */
const survey = async (log: EventLog, reading: Reading, bar: Pick<Progress, 'reached'>): Promise<Survey> => {
  const ends = new Sessions<number>();
  const answers = new RecordedAnswers();
  for await (const { key, stored } of commitsIn(log, reading, (position) => bar.reached(position))) {
    ends.set(key, lastSeq(stored.commit));
    answers.take(stored.tenant, stored.commit);
  }
  return { ends, answers };
};

const compare = async (
  log: EventLog,
  reading: Reading,
  bar: Pick<Progress, 'reached'>,
  ends: ReadonlyMap<string, number>,
  judge: (story: Story) => Promise<void>,
): Promise<void> => {
  const stories = new Map<string, Story>();
  const underWay = new Set<Promise<void>>();
  for await (const { key, stored } of commitsIn(log, reading, (position) => bar.reached(reading.until + position))) {
    const story = stories.get(key) ?? new Story({ tenant: stored.tenant, session: stored.commit.session });
    stories.set(key, story);
    story.take(stored.commit);
    if (story.seq < (ends.get(key) ?? 0)) continue;
    stories.delete(key);
    const judging = judge(story).finally(() => underWay.delete(judging));
    underWay.add(judging);
    if (underWay.size >= AT_ONCE) await Promise.race(underWay);
  }
  await Promise.all(underWay);
};

const putToBoth = async (
  story: Story,
  comparison: Comparison,
  { before, after, period: { sinceMs, untilMs } }: Trial,
  source: ModelSource,
): Promise<void> => {
  const counts = ({ at }: Asked): boolean => at >= sinceMs && at <= untilMs;
  const happenings = story.happenings();
  if (!happenings.some((each) => each._tag === 'Asked' && counts(each))) return;
  const under = (side: Side): Promise<readonly Verdict[]> =>
    retry(happenings, (asked, misses) => thinkAgain(side, source, clock, asked, misses));
  comparison.add(
    happenings,
    {
      before: await retry(
        happenings,
        async (asked, misses) => asked.recorded ?? thinkAgain(before, source, clock, asked, misses),
      ),
      after: await under(after),
      // A live model is not asked once more only to know who is to be thanked.
      present: source._tag === 'Live' ? undefined : await under(before),
    },
    counts,
  );
};

const clock = {
  monotonicMs: systemClock.monotonicMs,
  after: (delayMs: number, callback: () => void) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
