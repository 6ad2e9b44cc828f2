/** What a reader may see of a fact. */
import type { Fact, FactType } from './facts.ts';

export type Audience = 'staff' | 'visitor';

/** Stands at the seq of a fact that its reader may not see, so that the order has no gap and nothing leaks. */
export const Hidden = { type: 'Hidden' } as const;

/** A fact as a reader gets it: without the idempotency keys of other people, which are nobody else's business. */
export type SeenFact = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Notes, the assistant's trail, scores and deadlines are for staff. */
export const isForStaffOnly = (fact: Fact): boolean => forStaffOnly.has(fact.type);

const forStaffOnly: ReadonlySet<FactType> = new Set([
  'NoteAdded',
  'AssistantDecided',
  'AssistantRefused',
  'SessionRated',
  'DeadlinePassed',
]);

/** Whether every audience sees the same of it. */
export const isSeenAlike = (fact: Fact): boolean =>
  !isForStaffOnly(fact) && (fact.type !== 'SessionOpened' || fact.deadlines === undefined);

export const seenBy = (audience: Audience, fact: Fact): SeenFact => {
  if (audience === 'visitor' && isForStaffOnly(fact)) return Hidden;
  const { clientId: _, ...seen } = fact;
  if (audience === 'staff' || seen.type !== 'SessionOpened') return seen;
  const { deadlines: _deadlines, ...opened } = seen;
  return opened;
};
