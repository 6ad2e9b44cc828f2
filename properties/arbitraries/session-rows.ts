/** Rows and messages that are valid in themselves, with the names most likely to be confused in a key. */
import fc from 'fast-check';
import type { HistoryMessage } from '../../events/frames.ts';
import { statuses } from '../../events/names.ts';
import type { Pace } from '../../events/pace.ts';
import type { SessionRow } from '../../projections/session-row.ts';

/** One tenant's name begins another's; `-`, `_` and case stand differently in different sort orders. */
export const tenantName = fc.constantFrom('a', 'a_b', 'a-b', 'A');
export const sessionName = fc.constantFrom('a', 'B', 'a_b', 'a-b', '-', '_', '0', 'Zz', 'b', 'row', 'msg', 'a-B');

/** Ids are what a platform calls its people: anything at all. */
export const personId = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('li', 'li:x', ':', '{1}', '}', '客服', 'a/b', '%3A', '*', 'a b\n', '\u0000', '😀'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }) },
);

/** Few different times, so that many rows have the same. */
const time = fc.integer({ min: 1_764_000_000_000, max: 1_764_000_000_005 });

const durationMs = fc.constantFrom(1, 2, 40, 1_000);

const pace: fc.Arbitrary<Pace> = fc.record(
  {
    policy: fc.record(
      { assistantReplyMs: durationMs, firstResponseMs: durationMs, idleCloseMs: durationMs },
      { requiredKeys: [] },
    ),
    activeAt: time,
    turnAt: time,
    askedAt: time,
    overdue: fc.constant<true>(true),
  },
  { requiredKeys: ['policy', 'activeAt', 'turnAt'] },
);

const rowWithoutPace: fc.Arbitrary<SessionRow> = fc.record({
  tenant: tenantName,
  session: sessionName,
  status: fc.constantFrom(...statuses),
  assignee: fc.option(personId),
  visitor: fc.oneof(fc.record({ id: personId }), fc.record({ id: personId, name: fc.string({ unit: 'grapheme' }) })),
  seq: fc.integer({ min: 1, max: 1_000 }),
  position: fc.integer({ min: 1, max: 1_000 }),
  openedAt: time,
  activeAt: time,
  unanswered: fc.nat(9),
  lastMessage: fc.constant(null),
});

export const sessionRow: fc.Arbitrary<SessionRow> = fc
  .tuple(rowWithoutPace, fc.option(pace))
  .map(([row, kept]) => (kept === null ? row : { ...row, pace: kept }));

/** A session's messages, by seq, with gaps where other facts stand. */
export const messages: fc.Arbitrary<readonly HistoryMessage[]> = fc
  .array(
    fc.record({
      gap: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 9 }) }),
      text: fc.string({ unit: 'grapheme' }),
    }),
    { maxLength: 60, size: 'max' },
  )
  .map((written) => {
    let seq = 0;
    return written.map(({ gap, text }) => {
      seq += gap;
      return { seq, messageId: `m${seq}`, author: { role: 'visitor', id: 'li' }, text, at: 1_764_000_000_000 + seq };
    });
  });
