/** Where commands and joiners go, wherever the session is served. */
import type { Either } from 'fp-ts/lib/Either.js';
import type { Stored } from '../events/commit.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Person } from '../events/facts.ts';
import type { SessionRef } from '../events/names.ts';
import type { Refusal } from '../events/refusals.ts';
import { type Attachment, attach, type Sink } from './attach.ts';
import type { Ask } from './decide.ts';
import type { Answer } from './session-actor.ts';
import type { Supervisor } from './supervisor.ts';

export interface Newest {
  /** Position of the session's newest commit. */
  readonly position: number;
  /** Its newest commits without a gap up to that one, oldest first. */
  readonly recent: readonly Stored[];
}

export interface Sessions {
  /** Calls back exactly once. */
  submit(ref: SessionRef, ask: Ask, answer: (answer: Answer) => void): void;
  /** Joins the session; see {@link Sink} for what comes of it. */
  attach(ref: SessionRef, by: Person, after: number, sink: Sink): Promise<Either<Refusal, Attachment>>;
  /** What is known here of the session's end without asking anybody, `undefined` where that is nothing. */
  newest(ref: SessionRef): Newest | undefined;
}

/** {@link Sessions.submit} as a promise. */
export const askSession = (sessions: Pick<Sessions, 'submit'>, ref: SessionRef, ask: Ask): Promise<Answer> =>
  new Promise((resolve) => sessions.submit(ref, ask, resolve));

/** All sessions are served by this process. */
export const localSessions = (supervisor: Supervisor, log: EventLog): Sessions => ({
  submit: (ref, ask, answer) => supervisor.submit(ref, ask, answer),
  attach: (ref, by, after, sink) => attach(supervisor, log, ref, by, after, sink),
  newest: (ref) => supervisor.live(ref),
});
