/**
 * A session's memory of the commands it has carried out, so that a retry after hours, after failover and after passivation
 * gets the first answer. It is a fold of the facts, like the state. The newest `RECEIPTS_MAX` answers are kept whole; of
 * older commands only a 53-bit hash of the key stays, so that they are refused and never run again.
 */
import type { Command } from '../events/commands.ts';
import type { Commit } from '../events/commit.ts';
import { type Fact, type Person, personOf } from '../events/facts.ts';
import { hash32, hash53 } from '../events/hash.ts';
import { RECEIPTS_MAX } from '../events/limits.ts';

/** The answer to a command that was carried out. */
export interface Receipt {
  /** Seq of the last fact it led to. */
  readonly seq: number;
  readonly at: number;
  readonly messageId: string | undefined;
  /** Hash of what was asked: the same key with another body is a mistake of the client's. */
  readonly print: number;
}

export type Remembered = Receipt | 'forgotten' | undefined;

/** A key with its receipt, to be stored: seq, Unix milliseconds, print and, where there is one, the message's id. */
export type ReceiptEntry = readonly [key: string, seq: number, at: number, print: number, messageId?: string];
/** Hash of a key whose answer is forgotten. */
export type OldKey = number;

/** Everything that is remembered, in the order in which it came. */
export interface Memory {
  readonly recent: readonly ReceiptEntry[];
  readonly old: readonly OldKey[];
}

export class Receipts {
  readonly #recent: Map<string, Receipt>;
  readonly #old: Set<OldKey>;

  constructor({ recent, old }: Memory = { recent: [], old: [] }) {
    this.#recent = new Map(recent.map(([key, seq, at, print, messageId]) => [key, { seq, at, messageId, print }]));
    this.#old = new Set(old);
  }

  get memory(): Memory {
    return { recent: [...this.#recent].map(entryOf), old: [...this.#old] };
  }

  recall(by: Person, clientId: string): Remembered {
    const key = keyOf(by, clientId);
    return this.#recent.get(key) ?? (this.#old.has(hash53(key)) ? 'forgotten' : undefined);
  }

  /** Takes in a stored commit; several facts of one command leave one receipt, with the seq of the last. */
  remember(commit: Commit): void {
    commit.events.forEach((fact, index) => {
      const key = keyOf(personOf(fact), fact.clientId);
      this.#recent.set(key, receiptOf(fact, commit.seq + index, commit.at, this.#recent.get(key)));
    });
    while (this.#recent.size > RECEIPTS_MAX) {
      const [oldest] = this.#recent.keys();
      if (oldest === undefined) break;
      this.#recent.delete(oldest);
      this.#old.add(hash53(oldest));
    }
  }
}

const entryOf = ([key, { seq, at, print, messageId }]: readonly [string, Receipt]): ReceiptEntry =>
  messageId === undefined ? [key, seq, at, print] : [key, seq, at, print, messageId];

/** The receipt that this fact's command leaves, given the one its earlier facts left. */
export const receiptOf = (fact: Fact, seq: number, at: number, earlier: Receipt | undefined): Receipt => ({
  seq,
  at,
  messageId: fact.type === 'MessagePosted' ? fact.messageId : earlier?.messageId,
  print: printOfFact(fact) ?? earlier?.print ?? 0,
});

/** One text for the two, which no other two have: both are free to hold any character. */

/**
 * The idempotency key: the asker's `sub` and their id for the command. Kefu's own voices have keys that no token can have,
 * whatever its `sub`; the length keeps apart what newlines or other separators in a `sub` would not.
 */
export const keyOf = ({ role, id }: Person, clientId: string): string =>
  `${role === 'assistant' || role === 'system' ? role : ''}${id.length}:${id}${clientId}`;

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
