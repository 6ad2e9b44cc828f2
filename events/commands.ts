/** What is asked of a session. */
import * as t from 'io-ts';
import { fraction, integer, struct, tagged, text } from './codec.ts';
import { Deadline, Deadlines } from './deadlines.ts';
import { Visitor } from './facts.ts';
import { REMARK_CHARS_MAX, TEXT_CHARS_MAX } from './limits.ts';
import { Metadata } from './metadata.ts';
import { PersonId, type Role } from './names.ts';

const remark = text(REMARK_CHARS_MAX);
const message = text(TEXT_CHARS_MAX);

/** `deadlines` is the policy in force, which the server adds: no client may name it. */
export const OpenSession = struct(
  { type: t.literal('OpenSession'), visitor: Visitor },
  { locale: text(35), metadata: Metadata, deadlines: Deadlines },
);
export const PostMessage = struct({ type: t.literal('PostMessage'), text: message });

/** The assistant's answer to everything up to `basedOn`. */
export const Answer = struct(
  { type: t.literal('Answer'), basedOn: integer(1), text: message },
  { entry: text(128), confidence: fraction(0, 1) },
);
/** The assistant steps back: the visitor asked for a person, or it knows no answer. */
export const HandOff = struct(
  { type: t.literal('HandOff'), basedOn: integer(1), why: t.keyof({ asked: null, unknown: null }) },
  { confidence: fraction(0, 1) },
);

/** A deadline has passed: the session is to do what follows from it. */
export const MeetDeadline = struct({ type: t.literal('MeetDeadline'), deadline: Deadline, dueAt: integer(0) });

/** The commands a client may name on `POST …/commands` and in a `do` frame. */
const named = {
  RequestHandoff: struct({ type: t.literal('RequestHandoff') }, { reason: remark }),
  ClaimSession: struct({ type: t.literal('ClaimSession') }),
  TransferSession: struct({ type: t.literal('TransferSession'), to: PersonId }),
  ReleaseSession: struct({ type: t.literal('ReleaseSession') }),
  AddNote: struct({ type: t.literal('AddNote'), text: message }),
  MarkRead: struct({ type: t.literal('MarkRead'), upTo: integer(1) }),
  RateSession: struct({ type: t.literal('RateSession'), score: integer(1, 5) }, { comment: remark }),
  CloseSession: struct({ type: t.literal('CloseSession') }, { reason: remark }),
  ReopenSession: struct({ type: t.literal('ReopenSession') }),
};

export const NamedCommand = tagged('NamedCommand', named);
export type NamedCommand = t.TypeOf<(typeof named)[keyof typeof named]>;

export type Command =
  | NamedCommand
  | t.TypeOf<typeof OpenSession>
  | t.TypeOf<typeof PostMessage>
  | t.TypeOf<typeof Answer>
  | t.TypeOf<typeof HandOff>
  | t.TypeOf<typeof MeetDeadline>;
export type CommandType = Command['type'];

/** Which role may send which command; whose session it is, and who is assigned, is the session's own to judge. */
export const mayAsk: Readonly<Record<CommandType, readonly Role[]>> = {
  OpenSession: ['visitor', 'service', 'admin'],
  PostMessage: ['visitor', 'agent', 'service', 'admin'],
  RequestHandoff: ['visitor', 'agent', 'service', 'admin'],
  ClaimSession: ['agent', 'service', 'admin'],
  TransferSession: ['agent', 'service', 'admin'],
  ReleaseSession: ['agent', 'service', 'admin'],
  AddNote: ['agent', 'service', 'admin'],
  MarkRead: ['visitor', 'agent', 'service', 'admin'],
  RateSession: ['visitor', 'service', 'admin'],
  CloseSession: ['visitor', 'agent', 'service', 'admin'],
  ReopenSession: ['visitor', 'agent', 'service', 'admin'],
  Answer: ['assistant'],
  HandOff: ['assistant'],
  MeetDeadline: ['system'],
};
