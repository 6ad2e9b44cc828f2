/** What a command leaves behind once it is carried out: the key it is known by, its answer, and a print of what was asked. */
import type { Command } from '../events/commands.ts';
import { type Fact, type Person } from '../events/facts.ts';
import { hash32, hash53 } from '../events/hash.ts';

/** The answer to a command that was carried out. */
export interface Receipt {
  /** Seq of the last fact it led to. */
  readonly seq: number;
  readonly at: number;
  readonly messageId: string | undefined;
  /** Hash of what was asked: the same key with another body is a mistake of the client's. */
  readonly print: number;
}

/**
 * The idempotency key: a 53-bit hash of the asker's `sub` and their id for the command. Among the 100,000 commands of the
 * fullest session two have the same with odds below 10⁻⁶.
 */
export type Key = number;

export interface KeyedReceipt {
  readonly key: Key;
  readonly receipt: Receipt;
}

/** The receipt that this fact's command leaves, given the one its earlier facts left. */
export const receiptOf = (fact: Fact, seq: number, at: number, earlier: Receipt | undefined): Receipt => ({
  seq,
  at,
  messageId: fact.type === 'MessagePosted' ? fact.messageId : earlier?.messageId,
  print: printOfFact(fact) ?? earlier?.print ?? 0,
});

/**
 * Kefu's own voices have keys that no token can have, whatever its `sub`; the length keeps apart what newlines or other
 * separators in a `sub` would not.
 */
export const keyOf = ({ role, id }: Person, clientId: string): Key =>
  hash53(`${role === 'assistant' || role === 'system' ? role : ''}${id.length}:${id}${clientId}`);

/** What a command asks for, as a hash. Equals {@link printOfFact} of the fact that carries it out. */
export const printOf = (command: Command): number => {
  switch (command.type) {
    case 'OpenSession':
      return print('SessionOpened', command.visitor.id, command.visitor.name, command.locale, command.metadata);
    case 'PostMessage':
      return print('MessagePosted', command.text);
    case 'RequestHandoff':
      return print('HandoffRequested', command.reason);
    case 'ClaimSession':
      return print('SessionAssigned');
    case 'TransferSession':
      return print('SessionTransferred', command.to);
    case 'ReleaseSession':
      return print('SessionReleased');
    case 'AddNote':
      return print('NoteAdded', command.text);
    case 'MarkRead':
      return print('MessagesRead', command.upTo);
    case 'RateSession':
      return print('SessionRated', command.score, command.comment);
    case 'CloseSession':
      return print('SessionClosed', command.reason);
    case 'ReopenSession':
      return print('SessionReopened');
    case 'ChooseAnswer':
      return print('ChooseAnswer', command.offer, command.entry);
    // One question has one reply, whichever it is.
    case 'Answer':
    case 'OfferChoices':
    case 'HandOff':
    case 'RefuseAnswer':
      return print('AssistantDecided', command.basedOn);
    case 'MeetDeadline':
      return print('DeadlinePassed', command.deadline, command.dueAt);
  }
};

/** Of the facts that carry out one command, one alone tells what was asked; the others have no print. */
const printOfFact = (fact: Fact): number | undefined => {
  switch (fact.type) {
    case 'SessionOpened':
      return print(fact.type, fact.visitor.id, fact.visitor.name, fact.locale, fact.metadata);
    case 'MessagePosted':
      if (isKefuItself(fact.author)) return undefined;
      return fact.choice === undefined
        ? print(fact.type, fact.text)
        : print('ChooseAnswer', fact.choice.offer, fact.choice.entry);
    case 'HandoffRequested':
      return isKefuItself(fact.by) ? undefined : print(fact.type, fact.reason);
    case 'SessionTransferred':
      return print(fact.type, fact.to);
    case 'NoteAdded':
      return isKefuItself(fact.by) ? undefined : print(fact.type, fact.text);
    case 'MessagesRead':
      return print(fact.type, fact.upTo);
    case 'SessionRated':
      return print(fact.type, fact.score, fact.comment);
    case 'SessionClosed':
      return isKefuItself(fact.by) ? undefined : print(fact.type, fact.reason);
    case 'AssistantDecided':
    case 'AssistantRefused':
      return print('AssistantDecided', fact.basedOn);
    case 'ChoicesOffered':
      return undefined;
    case 'DeadlinePassed':
      return print(fact.type, fact.deadline, fact.dueAt);
    case 'SessionAssigned':
    case 'SessionReleased':
    case 'SessionReopened':
      return print(fact.type);
  }
};

/** Its commands lead to facts that others have commands for. */
const isKefuItself = ({ role }: Person): boolean => role === 'assistant' || role === 'system';

const print = (...parts: readonly unknown[]): number =>
  hash32(parts.length < 3 ? parts.join('\n') : JSON.stringify(parts));
