/** Which sessions are worth learning from: those that are over, and that the visitor was content with. */
import { type Commit, lastSeq } from '../../events/commit.ts';

export interface Bounds {
  /** The least score, 1 to 5. */
  readonly scoreMin: number;
  /** When the session was closed, in Unix milliseconds, both included. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** What came of a session. */
export interface Ending {
  readonly closedAt: number | undefined;
  /** The newest one. */
  readonly score: number | undefined;
  readonly lastSeq: number;
}

export const unended: Ending = { closedAt: undefined, score: undefined, lastSeq: 0 };

export const endingAfter = (ending: Ending, commit: Commit): Ending => {
  let { closedAt, score } = ending;
  for (const fact of commit.events) {
    if (fact.type === 'SessionClosed') closedAt = commit.at;
    if (fact.type === 'SessionReopened') closedAt = undefined;
    if (fact.type === 'SessionRated') score = fact.score;
  }
  return { closedAt, score, lastSeq: lastSeq(commit) };
};

export const reasonsToLeaveOut = [
  'not closed',
  'not in this time',
  'not rated',
  'rated lower',
  'no answer',
  'too long',
] as const;
export type LeftOut = (typeof reasonsToLeaveOut)[number];

/** Why nobody should learn from it; `undefined` where one may. */
export const leftOutBy = ({ scoreMin, sinceMs, untilMs }: Bounds, { closedAt, score }: Ending): LeftOut | undefined => {
  if (closedAt === undefined) return 'not closed';
  if (closedAt < sinceMs || closedAt > untilMs) return 'not in this time';
  if (score === undefined) return 'not rated';
  return score < scoreMin ? 'rated lower' : undefined;
};
