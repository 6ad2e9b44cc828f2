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
  switch (fact.type) {
    case 'MessagePosted':
      return fact.author.role === 'visitor'
        ? { ...pace, activeAt: at, askedAt: pace.askedAt ?? at }
        : { ...answered(pace), activeAt: at };
    case 'AssistantDecided':
    case 'AssistantRefused':
      return answered(pace);
    // The visitor has something to read and to choose from: nobody is waited for but them.
    case 'ChoicesOffered':
      return { ...answered(pace), activeAt: at };
    case 'HandoffRequested':
    case 'SessionAssigned':
    case 'SessionTransferred':
    case 'SessionReleased':
    case 'SessionClosed':
    case 'SessionReopened':
      return { ...inTime(pace), activeAt: at, turnAt: at };
    case 'DeadlinePassed':
      return fact.deadline === 'first-response' ? { ...pace, overdue: true } : pace;
    case 'NoteAdded':
    case 'MessagesRead':
    case 'SessionRated':
      return pace;
  }
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

const answered = (pace: Pace): Pace => {
  if (pace.askedAt === undefined) return pace;
  const { askedAt: _, ...rest } = pace;
  return rest;
};

const inTime = (pace: Pace): Pace => {
  if (pace.overdue === undefined) return pace;
  const { overdue: _, ...rest } = pace;
  return rest;
};
