/** What is asked of a session. */
import * as t from 'io-ts';
import { Choices, HandOffWhy, RefusalCode, RefusalWhy, trail } from './assistant.ts';
import { integer, struct, tagged, text } from './codec.ts';
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

/** The assistant's answer to everything up to `basedOn`; with the why `unknown` it asks to say it otherwise. */
export const Answer = struct(
  { type: t.literal('Answer'), basedOn: integer(1), text: message },
  { why: t.keyof({ known: null, chosen: null, generated: null, unknown: null }), ...trail },
);
/** The assistant is not sure what was meant, and asks. */
export const OfferChoices = struct(
  { type: t.literal('OfferChoices'), basedOn: integer(1), text: message, choices: Choices },
  trail,
);
/** The assistant steps back. `note` tells the person who comes what was tried. */
export const HandOff = struct(
  { type: t.literal('HandOff'), basedOn: integer(1), why: HandOffWhy },
  { note: message, ...trail },
);
/** The assistant may not or cannot answer. With a `text` it says so and stays, else it steps back. */
export const RefuseAnswer = struct(
  { type: t.literal('RefuseAnswer'), basedOn: integer(1), code: RefusalCode, why: RefusalWhy },
  { text: message, note: message, ...trail },
);

/** A deadline has passed: the session is to do what follows from it. */
export const MeetDeadline = struct({ type: t.literal('MeetDeadline'), deadline: Deadline, dueAt: integer(0) });

/** The commands a client may name on `POST …/commands` and in a `do` frame. */
const named = {
  ChooseAnswer: struct({ type: t.literal('ChooseAnswer'), offer: integer(1), entry: text(128) }),
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
  | t.TypeOf<typeof OfferChoices>
  | t.TypeOf<typeof HandOff>
  | t.TypeOf<typeof RefuseAnswer>
  | t.TypeOf<typeof MeetDeadline>;
export type CommandType = Command['type'];

/** Which role may send which command; whose session it is, and who is assigned, is the session's own to judge. */
export const mayAsk: Readonly<Record<CommandType, readonly Role[]>> = {
  OpenSession: ['visitor', 'service', 'admin'],
  PostMessage: ['visitor', 'agent', 'service', 'admin'],
  ChooseAnswer: ['visitor'],
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
  OfferChoices: ['assistant'],
  HandOff: ['assistant'],
  RefuseAnswer: ['assistant'],
  MeetDeadline: ['system'],
};
