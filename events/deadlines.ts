/** How long a session may wait for what comes next, before something happens by itself. */
import * as t from 'io-ts';
import { integer, struct } from './codec.ts';
import { DEADLINE_MS_MAX } from './limits.ts';
import type { SessionRef } from './names.ts';

/**
 * | deadline | what is waited for | what happens when it passes |
 * | --- | --- | --- |
 * | `assistant-reply` | the assistant's word on a question | a person is asked for |
 * | `first-response` | a person, in the queue | the session is marked as overdue, and stays where it is |
 * | `idle-close` | anybody to write | the session is closed |
 */
export const Deadline = t.keyof({ 'assistant-reply': null, 'first-response': null, 'idle-close': null });
export type Deadline = t.TypeOf<typeof Deadline>;

const durationMs = integer(1, DEADLINE_MS_MAX);

/** The policy of one session, stored with its opening: a key that is absent is a deadline that it does not have. */
export const Deadlines = struct(
  {},
  { assistantReplyMs: durationMs, firstResponseMs: durationMs, idleCloseMs: durationMs },
);
export type Deadlines = t.TypeOf<typeof Deadlines>;

/** A deadline of a session, and the moment it passes in Unix milliseconds. */
export interface Due {
  readonly deadline: Deadline;
  readonly dueAt: number;
}

/** A session that is worth a look: by what a view knows of it, a deadline has passed by `dueAt`. */
export interface DueSession extends SessionRef {
  readonly dueAt: number;
}

/** A slice of what is due, earliest first. */
export interface DueQuery {
  /** Unix milliseconds, included. */
  readonly fromMs: number;
  /** Unix milliseconds, included. */
  readonly untilMs: number;
  readonly limit: number;
}
