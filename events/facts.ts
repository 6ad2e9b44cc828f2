/** What happened in a session: the vocabulary of the log. Facts are never edited; `upcast.ts` reads old shapes. */
import * as t from 'io-ts';
import { Choices, Chosen, RefusalCode, RefusalWhy, trail } from './assistant.ts';
import { integer, struct, tagged, text } from './codec.ts';
import { Deadline, Deadlines } from './deadlines.ts';
import { REMARK_CHARS_MAX, TEXT_CHARS_MAX } from './limits.ts';
import { Metadata } from './metadata.ts';
import { ClientId, PersonId, Role } from './names.ts';

/** Who did it. */
export const Person = struct({ role: Role, id: PersonId });
export type Person = t.TypeOf<typeof Person>;

/** The customer a session is with. */
export const Visitor = struct({ id: PersonId }, { name: text(REMARK_CHARS_MAX) });
export type Visitor = t.TypeOf<typeof Visitor>;

const remark = text(REMARK_CHARS_MAX);
const message = text(TEXT_CHARS_MAX);
/** Whose command this fact answers: with the person's id it is the idempotency key. */
const cause = { by: Person, clientId: ClientId };

/** `deadlines` is the policy in force at this moment, so that what falls due later is decided by the session's own facts. */
export const SessionOpened = struct(
  { type: t.literal('SessionOpened'), visitor: Visitor, ...cause },
  { locale: text(35), metadata: Metadata, deadlines: Deadlines },
);
/** `choice`: the visitor said it by choosing one of the questions that the assistant had offered. */
export const MessagePosted = struct(
  { type: t.literal('MessagePosted'), messageId: text(32), author: Person, text: message, clientId: ClientId },
  { basedOn: integer(1), choice: Chosen },
);
export const HandoffRequested = struct({ type: t.literal('HandoffRequested'), ...cause }, { reason: remark });
export const SessionAssigned = struct({ type: t.literal('SessionAssigned'), agent: PersonId, ...cause });
export const SessionTransferred = struct({
  type: t.literal('SessionTransferred'),
  from: PersonId,
  to: PersonId,
  ...cause,
});
export const SessionReleased = struct({ type: t.literal('SessionReleased'), ...cause });
export const NoteAdded = struct({ type: t.literal('NoteAdded'), text: message, ...cause });
export const MessagesRead = struct({ type: t.literal('MessagesRead'), upTo: integer(1), ...cause });
export const SessionRated = struct(
  { type: t.literal('SessionRated'), score: integer(1, 5), ...cause },
  { comment: remark },
);
export const SessionClosed = struct({ type: t.literal('SessionClosed'), ...cause }, { reason: remark });
export const SessionReopened = struct({ type: t.literal('SessionReopened'), ...cause });

/** What the assistant made of the visitor's messages up to `basedOn`, and why. For staff. */
export const AssistantDecided = struct(
  {
    type: t.literal('AssistantDecided'),
    basedOn: integer(1),
    outcome: t.keyof({ answered: null, handoff: null, offered: null, 'asked-back': null }),
    why: t.keyof({
      known: null,
      chosen: null,
      generated: null,
      unsure: null,
      asked: null,
      unknown: null,
      unhelped: null,
      frustrated: null,
      unceasing: null,
    }),
    ...cause,
  },
  trail,
);

/** The assistant gives no answer to the messages up to `basedOn`. What follows stands behind it in the same commit. For staff. */
export const AssistantRefused = struct(
  { type: t.literal('AssistantRefused'), basedOn: integer(1), code: RefusalCode, why: RefusalWhy, ...cause },
  trail,
);

/** The assistant is not sure what was meant by the messages up to `basedOn`, and asks. */
export const ChoicesOffered = struct({
  type: t.literal('ChoicesOffered'),
  basedOn: integer(1),
  text: message,
  choices: Choices,
  ...cause,
});

/** What was waited for until `dueAt` has not come. What follows from it stands behind it in the same commit. For staff. */
export const DeadlinePassed = struct({
  type: t.literal('DeadlinePassed'),
  deadline: Deadline,
  dueAt: integer(0),
  ...cause,
});

const members = {
  SessionOpened,
  MessagePosted,
  HandoffRequested,
  SessionAssigned,
  SessionTransferred,
  SessionReleased,
  NoteAdded,
  MessagesRead,
  SessionRated,
  SessionClosed,
  SessionReopened,
  AssistantDecided,
  AssistantRefused,
  ChoicesOffered,
  DeadlinePassed,
};

export const Fact = tagged('Fact', members);
export type Fact = t.TypeOf<(typeof members)[keyof typeof members]>;
export type FactType = Fact['type'];
export type FactOf<T extends FactType> = Extract<Fact, { type: T }>;
export const factTypes = Object.keys(members) as readonly FactType[];

/** Who did it, whatever the fact calls them. */
export const personOf = (fact: Fact): Person => (fact.type === 'MessagePosted' ? fact.author : fact.by);
