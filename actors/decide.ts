/** Whether a command may be carried out, and the facts that do it. Pure: time and ids arrive as arguments. */
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import type { Choice, Trail } from '../events/assistant.ts';
import { type Command, type CommandType, mayAsk } from '../events/commands.ts';
import type { Deadline } from '../events/deadlines.ts';
import { Said } from '../events/encoding/said.ts';
import type { Fact, Person } from '../events/facts.ts';
import { invariant } from '../events/invariant.ts';
import { SESSION_FACTS_MAX } from '../events/limits.ts';
import type { Refusal } from '../events/refusals.ts';
import type { Remembered } from './receipt-memory.ts';
import { printOf } from './receipts.ts';
import { accepted, contextOf, dueOf, type SessionState, statusOf } from './session-state.ts';

/** A command with who asks, and the client's own id for it. */
export interface Ask {
  readonly by: Person;
  readonly clientId: string;
  readonly command: Command;
}

/** What the world adds to a decision. */
export interface Given {
  /** Unix milliseconds. */
  readonly at: number;
  /** An id that nobody has had before, for a message if there is one. */
  readonly freshId: string;
  /** What the session remembers of this key. */
  readonly remembered: Remembered;
}

/** The answer to a command that is done: where it stands in the session. */
export interface Done {
  readonly seq: number;
  readonly at: number;
  readonly messageId: string | undefined;
  /** Whether this was asked and answered before. */
  readonly repeated: boolean;
}

export type Decision =
  /** `after` is what the facts lead to. */
  | { readonly _tag: 'Facts'; readonly facts: NonEmptyArray<Fact>; readonly after: SessionState }
  | { readonly _tag: 'Done'; readonly done: Done };

export const decide = (state: SessionState, ask: Ask, given: Given): Either<Refusal, Decision> => {
  const refusal = forbidden(state, ask) ?? repeatRefusal(ask, given);
  if (refusal !== undefined) return left(refusal);
  if (given.remembered !== undefined && given.remembered !== 'forgotten') {
    const { seq, at, messageId } = given.remembered;
    return right({ _tag: 'Done', done: { seq, at, messageId, repeated: true } });
  }
  const { command } = ask;
  if (command.type === 'MarkRead' && command.upTo <= readUpTo(state, ask.by))
    return right({ _tag: 'Done', done: { seq: state.seq, at: state.at, messageId: undefined, repeated: true } });
  const ruled = rule(state, ask, given.at);
  if (ruled !== undefined) return left(ruled);
  const facts = factsOf(state, ask, given);
  let after = state;
  for (const fact of facts) {
    const next = accepted(after, fact, given.at);
    if (next === undefined) return left(notInThisState(state, ask));
    after = next;
  }
  return right({ _tag: 'Facts', facts, after });
};

/** What no state could allow: the wrong role, somebody else's session. */
const forbidden = (state: SessionState, { by, command }: Ask): Refusal | undefined => {
  if (!mayAsk[command.type].includes(by.role)) return { _tag: 'RoleMayNot', role: by.role, command: command.type };
  if (command.type === 'OpenSession') {
    const own = by.role !== 'visitor' || (command.visitor.id === by.id && isOpenTo(state, by));
    return own ? undefined : { _tag: 'NotYourSession' };
  }
  if (statusOf(state) === 'unopened') return { _tag: 'UnknownSession' };
  return isOpenTo(state, by) ? undefined : { _tag: 'NotYourSession' };
};

/** A visitor reaches only sessions of their own; everybody else's reach is decided by role. */
export const isOpenTo = (state: SessionState, by: Person): boolean =>
  by.role !== 'visitor' || statusOf(state) === 'unopened' || contextOf(state).visitor.id === by.id;

const repeatRefusal = ({ clientId, command }: Ask, { remembered }: Given): Refusal | undefined => {
  if (remembered === 'forgotten') return { _tag: 'IdTooOld', clientId };
  return remembered !== undefined && remembered.print !== printOf(command) ? { _tag: 'IdReused', clientId } : undefined;
};

/** What the chart does not know: whose turn it is, what a reply rests on, what is due, how much one session may hold. */
const rule = (state: SessionState, { by, command }: Ask, at: number): Refusal | undefined => {
  const { assignee, visitorSeq, turnSeq } = contextOf(state);
  if (state.seq >= SESSION_FACTS_MAX && !stillFits.has(command.type)) return { _tag: 'SessionFull' };
  const status = statusOf(state);
  switch (command.type) {
    case 'PostMessage':
      return status === 'closed' || by.role === 'visitor' || assignee === by.id
        ? undefined
        : { _tag: 'NotTheAssignee', assignee };
    case 'ClaimSession':
      return status === 'assigned' && assignee !== null ? { _tag: 'AlreadyAssigned', assignee } : undefined;
    case 'TransferSession':
    case 'ReleaseSession':
      return status !== 'assigned' || by.role === 'admin' || assignee === by.id
        ? undefined
        : { _tag: 'NotTheAssignee', assignee };
    case 'ChooseAnswer':
      return choiceOf(state, command) === undefined ? { _tag: 'NoSuchChoice', offer: command.offer } : undefined;
    case 'Answer':
    case 'OfferChoices':
    case 'HandOff':
    case 'RefuseAnswer': {
      // Who never stops writing is handed over whatever they have written since.
      const isUnceasing = command.type === 'HandOff' && command.why === 'unceasing';
      const since = isUnceasing ? turnSeq : Math.max(visitorSeq, turnSeq);
      return since > command.basedOn ? { _tag: 'StaleReply', basedOn: command.basedOn, since } : undefined;
    }
    case 'MeetDeadline': {
      const { deadline, dueAt } = command;
      const due = dueOf(state);
      const hasPassed = due?.deadline === deadline && due.dueAt === dueAt && dueAt <= at;
      return hasPassed ? undefined : { _tag: 'NotDue', deadline };
    }
    case 'MarkRead':
      return command.upTo > state.seq ? { _tag: 'NotThatFarYet', seq: state.seq } : undefined;
    default:
      return undefined;
  }
};

/** The question that is chosen, if the newest offer has it. */
const choiceOf = (
  state: SessionState,
  { offer: seq, entry }: Extract<Command, { type: 'ChooseAnswer' }>,
): Choice | undefined => {
  const { offer } = contextOf(state);
  return offer?.seq === seq ? offer.choices.find((choice) => choice.entry === entry) : undefined;
};

/** A full session can still be closed, and its deadlines lead it there in a few steps. */
const stillFits: ReadonlySet<CommandType> = new Set(['CloseSession', 'MeetDeadline']);

const factsOf = (state: SessionState, { by, clientId, command }: Ask, { freshId }: Given): NonEmptyArray<Fact> => {
  const cause = { by, clientId };
  switch (command.type) {
    case 'OpenSession': {
      const { visitor, locale, metadata, deadlines } = command;
      return [{ type: 'SessionOpened', visitor, ...cause, ...present({ locale, metadata, deadlines }) }];
    }
    case 'PostMessage':
      return [new Said(freshId, by, command.text, clientId)];
    case 'ChooseAnswer': {
      const { offer, entry } = command;
      const question = choiceOf(state, command)?.question;
      invariant(question !== undefined, 'what is chosen was offered');
      return [
        { type: 'MessagePosted', messageId: freshId, author: by, text: question, clientId, choice: { offer, entry } },
      ];
    }
    case 'RequestHandoff':
      return [{ type: 'HandoffRequested', ...cause, ...present({ reason: command.reason }) }];
    case 'ClaimSession':
      return [{ type: 'SessionAssigned', agent: by.id, ...cause }];
    case 'TransferSession':
      return [{ type: 'SessionTransferred', from: contextOf(state).assignee ?? by.id, to: command.to, ...cause }];
    case 'ReleaseSession':
      return [{ type: 'SessionReleased', ...cause }];
    case 'AddNote':
      return [{ type: 'NoteAdded', text: command.text, ...cause }];
    case 'MarkRead':
      return [{ type: 'MessagesRead', upTo: command.upTo, ...cause }];
    case 'RateSession':
      return [{ type: 'SessionRated', score: command.score, ...cause, ...present({ comment: command.comment }) }];
    case 'CloseSession':
      return [{ type: 'SessionClosed', ...cause, ...present({ reason: command.reason }) }];
    case 'ReopenSession':
      return [{ type: 'SessionReopened', ...cause }];
    case 'Answer': {
      const { basedOn, text, why = 'known' } = command;
      const outcome = why === 'unknown' ? 'asked-back' : 'answered';
      return [
        { type: 'AssistantDecided', basedOn, outcome, why, ...cause, ...trailOf(command) },
        { type: 'MessagePosted', messageId: freshId, author: by, text, clientId, basedOn },
      ];
    }
    case 'OfferChoices': {
      const { basedOn, text, choices } = command;
      return [
        { type: 'AssistantDecided', basedOn, outcome: 'offered', why: 'unsure', ...cause, ...trailOf(command) },
        { type: 'ChoicesOffered', basedOn, text, choices, ...cause },
      ];
    }
    case 'HandOff': {
      const { basedOn, why, note } = command;
      return [
        { type: 'AssistantDecided', basedOn, outcome: 'handoff', why, ...cause, ...trailOf(command) },
        ...noted(note, cause),
        { type: 'HandoffRequested', ...cause, reason: why },
      ];
    }
    case 'RefuseAnswer': {
      const { basedOn, code, why, text, note } = command;
      return [
        { type: 'AssistantRefused', basedOn, code, why, ...cause, ...trailOf(command) },
        ...noted(note, cause),
        text === undefined
          ? { type: 'HandoffRequested', ...cause, reason: why }
          : { type: 'MessagePosted', messageId: freshId, author: by, text, clientId, basedOn },
      ];
    }
    case 'MeetDeadline': {
      const { deadline, dueAt } = command;
      return [{ type: 'DeadlinePassed', deadline, dueAt, ...cause }, ...consequences(deadline, cause)];
    }
  }
};

type Cause = Pick<Ask, 'by' | 'clientId'>;

/** What the assistant leaves for the person who comes. */
const noted = (text: string | undefined, cause: Cause): readonly Fact[] =>
  text === undefined ? [] : [{ type: 'NoteAdded', text, ...cause }];

const trailOf = ({ source, entry, revision, confidence, model, passages }: Trail): Present<Trail> =>
  present({ source, entry, revision, confidence, model, passages });

const consequences = (deadline: Deadline, cause: Cause): readonly Fact[] => {
  switch (deadline) {
    case 'assistant-reply':
      return [{ type: 'HandoffRequested', ...cause, reason: 'no_answer_in_time' }];
    case 'first-response':
      return [];
    case 'idle-close':
      return [{ type: 'SessionClosed', ...cause, reason: 'idle' }];
  }
};

const readUpTo = (state: SessionState, by: Person): number => {
  const { readByVisitor, readByStaff } = contextOf(state);
  return by.role === 'visitor' ? readByVisitor : readByStaff;
};

const notInThisState = (state: SessionState, { command }: Ask): Refusal => {
  const status = statusOf(state);
  return status === 'unopened' ? { _tag: 'UnknownSession' } : { _tag: 'NotInThisState', status, command: command.type };
};

/** The entries that have a value: an absent key and an undefined one are stored alike. */
const present = <R extends Record<string, unknown>>(record: R): Present<R> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Present<R>;

type Present<R> = { [K in keyof R]?: Exclude<R[K], undefined> };
