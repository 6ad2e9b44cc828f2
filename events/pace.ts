/**
 * What a session's deadlines rest on, as a fold of its facts, and which of them is next. Who decides and who reads fold
 * alike, so that a view knows when to look and the session itself whether it is so.
 */
import * as t from 'io-ts';
import { integer, struct } from './codec.ts';
import { type Deadline, Deadlines, type Due } from './deadlines.ts';
import type { Fact } from './facts.ts';
import type { Status } from './names.ts';

/** All times are Unix milliseconds. */
export const Pace = struct(
  {
    policy: Deadlines,
    /** When the last message was posted or the state last changed. */
    activeAt: integer(0),
    /** When it was last settled who answers: opened, handed off, assigned, released, closed, reopened. */
    turnAt: integer(0),
  },
  {
    /** When the visitor's oldest message without an answer was posted. */
    askedAt: integer(0),
    /** A person has not come in time since `turnAt`. */
    overdue: t.literal(true),
  },
);
export type Pace = Readonly<t.TypeOf<typeof Pace>>;

/** The pace after one more fact; `undefined` for a session that was opened without deadlines. */
export const paceAfter = (pace: Pace | undefined, fact: Fact, at: number): Pace | undefined => {
  if (fact.type === 'SessionOpened')
    return fact.deadlines === undefined ? undefined : { policy: fact.deadlines, activeAt: at, turnAt: at };
  if (pace === undefined) return undefined;
  const { policy, activeAt, turnAt, askedAt, overdue } = pace;
  switch (fact.type) {
    case 'MessagePosted':
      return fact.author.role === 'visitor'
        ? paceOf(policy, at, turnAt, askedAt ?? at, overdue)
        : paceOf(policy, at, turnAt, undefined, overdue);
    case 'AssistantDecided':
    case 'AssistantRefused':
      return paceOf(policy, activeAt, turnAt, undefined, overdue);
    // The visitor has something to read and to choose from: nobody is waited for but them.
    case 'ChoicesOffered':
      return paceOf(policy, at, turnAt, undefined, overdue);
    case 'HandoffRequested':
    case 'SessionAssigned':
    case 'SessionTransferred':
    case 'SessionReleased':
    case 'SessionClosed':
    case 'SessionReopened':
      return paceOf(policy, at, at, askedAt, undefined);
    case 'DeadlinePassed':
      return fact.deadline === 'first-response' ? paceOf(policy, activeAt, turnAt, askedAt, true) : pace;
    case 'NoteAdded':
    case 'MessagesRead':
    case 'SessionRated':
      return pace;
  }
};

/** With the keys written out: copying what is there took as long as the rest of folding a message. */
const paceOf = (
  policy: Deadlines,
  activeAt: number,
  turnAt: number,
  askedAt: number | undefined,
  overdue: true | undefined,
): Pace => {
  if (overdue === undefined)
    return askedAt === undefined ? { policy, activeAt, turnAt } : { policy, activeAt, turnAt, askedAt };
  return askedAt === undefined ? { policy, activeAt, turnAt, overdue } : { policy, activeAt, turnAt, askedAt, overdue };
};

/**
 * The one deadline that a session has in its present state. A visitor who waits, for the assistant or in the queue, is never
 * closed for idleness: nobody has heard them yet.
 *
 * What falls due again does so later than it did before, because every wait begins at or behind the end of the last one.
 */
export const nextDue = (status: Status | 'unopened', pace: Pace | undefined): Due | undefined => {
  if (pace === undefined) return undefined;
  const { policy, activeAt, turnAt, askedAt, overdue } = pace;
  switch (status) {
    case 'assistant':
      return askedAt === undefined
        ? due('idle-close', activeAt, policy.idleCloseMs)
        : due('assistant-reply', Math.max(askedAt, turnAt), policy.assistantReplyMs);
    case 'queued':
      return overdue === true ? undefined : due('first-response', turnAt, policy.firstResponseMs);
    case 'assigned':
      return due('idle-close', activeAt, policy.idleCloseMs);
    case 'closed':
    case 'unopened':
      return undefined;
  }
};

const due = (deadline: Deadline, since: number, durationMs: number | undefined): Due | undefined =>
  durationMs === undefined ? undefined : { deadline, dueAt: since + durationMs };
