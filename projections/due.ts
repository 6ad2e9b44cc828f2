/**
 * The order of what is due: per shard one list of all tenants' sessions, by the time from which a session is worth a look.
 * It only tells where to look. Whether a deadline has passed is for the session itself to decide.
 */
import type { DueQuery, DueSession } from '../events/deadlines.ts';
import { hash32 } from '../events/hash.ts';
import { nextDue } from '../events/pace.ts';
import type { SessionRow } from './session-row.ts';

/** The list's name; its members are `<tenant>/<session>`. */
export const DUE = 'due';

/**
 * Every message puts off the closing of an idle session, which is in no hurry. Its place is therefore kept to a sixteenth of
 * the time it has, late and never early, so that few messages move it.
 */
const IDLE_STEPS = 16;

/** Where a row stands in the order, in Unix milliseconds; `undefined` for a session that nothing is awaited of. */
export const dueScore = ({ status, session, pace }: SessionRow): number | undefined => {
  const due = nextDue(status, pace);
  if (due?.deadline !== 'idle-close') return due?.dueAt;
  const stepMs = Math.max(1, Math.floor((pace?.policy.idleCloseMs ?? 1) / IDLE_STEPS));
  // Each session has steps of its own, so that those who fell silent together do not all close in one moment.
  const firstMs = hash32(session) % stepMs;
  return Math.ceil((due.dueAt - firstMs) / stepMs) * stepMs + firstMs;
};

export interface DuePage {
  /** Checkpoints of the shards asked for, in the order in which they were asked for, 0 where there is none. */
  readonly checkpoints: readonly number[];
  /** Earliest first; among equals by `<tenant>/<session>`. */
  readonly due: readonly DueSession[];
}

/** A place in one shard's list, as a store reads it. */
export interface DuePlace {
  readonly member: string;
  readonly score: number;
}

/** One page out of the shards' lists, each of which has given its earliest. */
export const mergeDue = (places: readonly DuePlace[], { limit }: DueQuery): readonly DueSession[] =>
  places
    .toSorted((a, b) => a.score - b.score || (a.member < b.member ? -1 : 1))
    .slice(0, limit)
    .map(({ member, score }) => {
      const slash = member.indexOf('/');
      return { tenant: member.slice(0, slash), session: member.slice(slash + 1), dueAt: score };
    });
