/** What `kefu whatif` has found, for machines. */
import type { Change, Comparison, Waited } from '../../../actors/assistant/hindsight/comparison.ts';
import type { Verdict } from '../../../actors/assistant/hindsight/verdict.ts';
import type { Found } from './report.ts';

export const jsonOf = ({ policy, sinceMs, untilMs, differences, comparison, model }: Found): string =>
  `${JSON.stringify(
    {
      policy,
      since: finite(sinceMs),
      until: finite(untilMs),
      differences,
      model,
      questions: {
        count: comparison.questions,
        recorded: comparison.recorded,
        changed: comparison.changed,
        changedSince: comparison.changedSince,
        before: Object.fromEntries(comparison.before),
        after: Object.fromEntries(comparison.after),
      },
      sessions: {
        count: comparison.sessions,
        before: Object.fromEntries(comparison.endsBefore),
        after: Object.fromEntries(comparison.endsAfter),
      },
      waits: waitsOf(comparison),
      kinds: comparison.kinds.map(({ from, to, count }) => ({ from, to, count })),
      changes: comparison.changes.map(changeOf),
      changesLeftOut: comparison.changed - comparison.changes.length,
    },
    undefined,
    2,
  )}\n`;

const finite = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);

const waitsOf = ({ waitedBefore, waitedAfter, people }: Comparison) => ({
  before: waitedOf(waitedBefore),
  after: waitedOf(waitedAfter),
  people: { count: people.size, medianMs: people.quantile(0.5) ?? null },
});

const waitedOf = ({ waits, never, people, unknown }: Waited) => ({
  known: waits.size,
  medianMs: waits.quantile(0.5) ?? null,
  ninetiethMs: waits.quantile(0.9) ?? null,
  never,
  untilPeopleCome: people,
  unknown,
});

const changeOf = ({ tenant, session, seq, at, texts, isRecorded, isSince, from, to, before, after }: Change) => ({
  tenant,
  session,
  seq,
  at,
  texts,
  recorded: isRecorded,
  soTodayAsWell: isSince,
  from,
  to,
  before: verdictOf(before),
  after: verdictOf(after),
});

const verdictOf = ({ outcome, why, handsOver, delayMs, entry, confidence, text }: Verdict) => ({
  outcome,
  why,
  handsOver,
  delayMs,
  entry,
  confidence,
  text,
});
