/** What clients asked and were told, and what they saw: the material of the checks. */
import type { Ask } from '../../actors/decide.ts';
import { keyOf } from '../../actors/receipts.ts';
import type { Answer } from '../../actors/session-actor.ts';
import type { Fact } from '../../events/facts.ts';
import type { Operation } from '../linearizability.ts';

/** One command that a client wants carried out, however often it must ask. */
export interface Wish {
  readonly session: string;
  readonly ask: Ask;
  readonly attempts: Attempt[];
  /** What it was told, once that is not "unavailable". */
  told?: Answer;
}

export interface Attempt {
  readonly sentAt: number;
  readonly servedBy: string;
  mayBeOld: boolean;
  answeredAt?: number;
  answer?: Answer;
}

/** What one reader got over all its sockets. */
export interface Seen {
  readonly session: string;
  readonly reader: string;
  /** The seq of the first fact here. */
  readonly from: number;
  readonly facts: Fact[];
}

export class Recorder {
  readonly wishes: Wish[] = [];
  readonly seen: Seen[] = [];
  readonly #reads: Operation[] = [];

  read(read: Omit<Operation, 'what' | 'outcome'>): void {
    this.#reads.push({ what: 'read', outcome: 'done', ...read });
  }

  operations(): readonly Operation[] {
    return [...this.#reads, ...this.wishes.flatMap(operationsOf)];
  }
}

const operationsOf = ({ session, ask, attempts }: Wish): readonly Operation[] =>
  attempts.map(({ sentAt, servedBy, mayBeOld, answeredAt, answer }) => ({
    session,
    client: ask.by.id,
    what: 'command',
    key: String(keyOf(ask.by, ask.clientId)),
    sentAt,
    servedBy,
    mayBeOld,
    mayChangeNothing: ask.command.type === 'MarkRead',
    ...(answeredAt === undefined ? {} : { answeredAt }),
    ...toldBy(answer),
  }));

const toldBy = (answer: Answer | undefined): Pick<Operation, 'outcome' | 'seq' | 'messageId'> => {
  if (answer === undefined) return { outcome: 'unknown' };
  if (answer._tag === 'Left') return { outcome: answer.left._tag === 'Unavailable' ? 'unknown' : 'refused' };
  const { seq, messageId } = answer.right;
  return { outcome: 'done', seq, ...(messageId === undefined ? {} : { messageId }) };
};
