/** What a session is, as one would tell it to a colleague: plain data and a list of rules. Written without the machine. */
import type { Command, CommandType } from '../../events/commands.ts';
import type { Person } from '../../events/facts.ts';
import type { Refusal } from '../../events/refusals.ts';

export interface SessionModel {
  status: 'unopened' | 'assistant' | 'queued' | 'assigned' | 'closed';
  visitor: string;
  assignee: string | null;
  seq: number;
  /** Seq of the visitor's newest message. */
  visitorSeq: number;
  /** Seq of the newest change of who answers. */
  turnSeq: number;
  /** The newest offer of the assistant: its seq, and the entries to choose from. */
  offer: { readonly seq: number; readonly entries: readonly string[] } | undefined;
  read: { visitor: number; staff: number };
  /** By person and client id: what was asked, and the answer. */
  readonly done: Map<string, Carried>;
}

export interface Carried {
  readonly body: string;
  readonly seq: number;
  /** Whether there is a message, and so an id for it. */
  readonly posts: boolean;
}

export type Verdict =
  | { readonly _tag: 'Refused'; readonly refusal: Refusal['_tag'] }
  | { readonly _tag: 'Done'; readonly seq: number; readonly posts: boolean; readonly repeated: boolean };

export const newSession = (): SessionModel => ({
  status: 'unopened',
  visitor: '',
  assignee: null,
  seq: 0,
  visitorSeq: 0,
  turnSeq: 0,
  offer: undefined,
  read: { visitor: 0, staff: 0 },
  done: new Map(),
});

const customers: readonly CommandType[] = [
  'OpenSession',
  'PostMessage',
  'RequestHandoff',
  'MarkRead',
  'RateSession',
  'CloseSession',
  'ReopenSession',
];
/** A choice is the visitor's own word, and nobody speaks for them. */
const visitors: readonly CommandType[] = [...customers, 'ChooseAnswer'];
const agents: readonly CommandType[] = [
  'PostMessage',
  'RequestHandoff',
  'ClaimSession',
  'TransferSession',
  'ReleaseSession',
  'AddNote',
  'MarkRead',
  'CloseSession',
  'ReopenSession',
];
const rights: Readonly<Record<Person['role'], readonly CommandType[]>> = {
  visitor: visitors,
  agent: agents,
  service: [...customers, ...agents],
  admin: [...customers, ...agents],
  analyst: [],
  assistant: ['Answer', 'OfferChoices', 'HandOff', 'RefuseAnswer'],
  system: ['MeetDeadline'],
};

/** What becomes of a command; the model moves on when it is carried out. */
export const judge = (model: SessionModel, by: Person, clientId: string, command: Command): Verdict => {
  const refused = (refusal: Refusal['_tag']): Verdict => ({ _tag: 'Refused', refusal });
  if (!rights[by.role].includes(command.type)) return refused('RoleMayNot');
  const isStranger = by.role === 'visitor' && model.status !== 'unopened' && model.visitor !== by.id;
  if (command.type === 'OpenSession') {
    if (isStranger || (by.role === 'visitor' && command.visitor.id !== by.id)) return refused('NotYourSession');
  } else if (model.status === 'unopened') return refused('UnknownSession');
  else if (isStranger) return refused('NotYourSession');

  const key = JSON.stringify([by.id, clientId]);
  const body = JSON.stringify(command);
  const carried = model.done.get(key);
  if (carried !== undefined)
    return carried.body === body
      ? { _tag: 'Done', seq: carried.seq, posts: carried.posts, repeated: true }
      : refused('IdReused');
  if (command.type === 'MarkRead' && command.upTo <= model.read[sideOf(by)])
    return { _tag: 'Done', seq: model.seq, posts: false, repeated: true };

  const refusal = whyNot(model, by, command);
  if (refusal !== undefined) return refused(refusal);
  const posts = carryOut(model, by, command);
  model.done.set(key, { body, seq: model.seq, posts });
  return { _tag: 'Done', seq: model.seq, posts, repeated: false };
};

const sideOf = (by: Person): 'visitor' | 'staff' => (by.role === 'visitor' ? 'visitor' : 'staff');

const whyNot = (model: SessionModel, by: Person, command: Command): Refusal['_tag'] | undefined => {
  const { status, assignee } = model;
  const only = (...those: readonly SessionModel['status'][]): Refusal['_tag'] | undefined =>
    those.includes(status) ? undefined : 'NotInThisState';
  switch (command.type) {
    case 'OpenSession':
      return only('unopened');
    case 'PostMessage':
      if (status !== 'closed' && by.role !== 'visitor' && assignee !== by.id) return 'NotTheAssignee';
      return only('assistant', 'queued', 'assigned');
    case 'RequestHandoff':
      return only('assistant');
    case 'ClaimSession':
      return status === 'assigned' ? 'AlreadyAssigned' : only('assistant', 'queued');
    case 'TransferSession':
    case 'ReleaseSession':
      if (status === 'assigned' && by.role !== 'admin' && assignee !== by.id) return 'NotTheAssignee';
      return only('assigned');
    case 'AddNote':
    case 'RateSession':
      return undefined;
    case 'MarkRead':
      return command.upTo > model.seq ? 'NotThatFarYet' : undefined;
    case 'CloseSession':
      return only('assistant', 'queued', 'assigned');
    case 'ReopenSession':
      return only('closed');
    case 'ChooseAnswer': {
      const { offer } = model;
      if (offer?.seq !== command.offer || !offer.entries.includes(command.entry)) return 'NoSuchChoice';
      return only('assistant', 'queued', 'assigned');
    }
    case 'HandOff':
      if (command.why === 'unceasing') return model.turnSeq > command.basedOn ? 'StaleReply' : only('assistant');
      return Math.max(model.visitorSeq, model.turnSeq) > command.basedOn ? 'StaleReply' : only('assistant');
    case 'Answer':
    case 'OfferChoices':
    case 'RefuseAnswer':
      return Math.max(model.visitorSeq, model.turnSeq) > command.basedOn ? 'StaleReply' : only('assistant');
    case 'MeetDeadline':
      // These sessions are opened without deadlines.
      return 'NotDue';
  }
};

/** The assistant's words come in two facts, and a note for the person who comes is a third. */
const factsFor = (command: Command): number => {
  switch (command.type) {
    case 'Answer':
    case 'OfferChoices':
      return 2;
    case 'HandOff':
    case 'RefuseAnswer':
      return command.note === undefined ? 2 : 3;
    default:
      return 1;
  }
};

/** Whether it posts a message. */
const carryOut = (model: SessionModel, by: Person, command: Command): boolean => {
  const turn = (status: SessionModel['status'], assignee: string | null): void => {
    model.status = status;
    model.assignee = assignee;
    model.turnSeq = model.seq;
  };
  model.seq += factsFor(command);
  switch (command.type) {
    case 'OpenSession':
      model.status = 'assistant';
      model.visitor = command.visitor.id;
      return false;
    case 'PostMessage':
      if (by.role === 'visitor') model.visitorSeq = model.seq;
      return true;
    case 'ChooseAnswer':
      model.visitorSeq = model.seq;
      return true;
    case 'Answer':
      return true;
    case 'OfferChoices':
      model.offer = { seq: model.seq, entries: command.choices.map(({ entry }) => entry) };
      return false;
    case 'RefuseAnswer':
      if (command.text !== undefined) return true;
      turn('queued', null);
      return false;
    case 'RequestHandoff':
    case 'HandOff':
      turn('queued', null);
      return false;
    case 'ClaimSession':
      turn('assigned', by.id);
      return false;
    case 'TransferSession':
      turn('assigned', command.to);
      return false;
    case 'ReleaseSession':
      turn('queued', null);
      return false;
    case 'ReopenSession':
      turn(model.assignee === null ? 'assistant' : 'queued', null);
      return false;
    case 'CloseSession':
      model.status = 'closed';
      return false;
    case 'MarkRead':
      model.read[sideOf(by)] = Math.max(model.read[sideOf(by)], command.upTo);
      return false;
    case 'AddNote':
    case 'RateSession':
    case 'MeetDeadline':
      return false;
  }
};
