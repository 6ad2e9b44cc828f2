/** A conversation as it is shown: facts and history pages put together, each seq once, in order. */
import type { Choice } from '../../../events/assistant.ts';
import type { HistoryMessage } from '../../../events/frames.ts';
import type { SessionEvent, SessionFact } from '../../client/index.ts';

export interface Author {
  readonly role: string;
  readonly id: string;
}

interface Place {
  readonly seq: number;
  /** Unix milliseconds. */
  readonly at: number;
}

export interface MessageLine extends Place {
  readonly kind: 'message';
  readonly author: Author;
  readonly text: string;
}

/** Questions of the assistant's to choose from. */
export interface OfferLine extends Place {
  readonly kind: 'offer';
  readonly author: Author;
  readonly text: string;
  readonly choices: readonly Choice[];
}

export interface NoteLine extends Place {
  readonly kind: 'note';
  readonly author: Author;
  readonly text: string;
}

/** Something that happened and is told in a sentence: assigned, closed, rated, what the assistant made of a message. */
export interface HappeningLine extends Place {
  readonly kind: 'happening';
  readonly event: SessionFact;
}

export type Line = MessageLine | OfferLine | NoteLine | HappeningLine;

export class Transcript {
  /** By seq, oldest first. */
  readonly lines: Line[] = [];
  /** Up to which seq the visitor, and whoever answers, have read. */
  readByVisitor = 0;
  readByStaff = 0;

  /** Seq of the newest message by somebody whose role is not `role`, 0 when there is none. */
  newestNotBy(role: string): number {
    return this.lines.findLast((line) => isSaid(line) && line.author.role !== role)?.seq ?? 0;
  }

  /** Seq of the offer that can still be chosen from: nothing has been said since. */
  get openOffer(): number | undefined {
    const newest = this.lines.findLast(isSaid);
    return newest?.kind === 'offer' ? newest.seq : undefined;
  }

  take({ seq, at, event }: SessionEvent): void {
    if (event.type === 'MessagesRead') {
      if (event.by.role === 'visitor') this.readByVisitor = Math.max(this.readByVisitor, event.upTo);
      else this.readByStaff = Math.max(this.readByStaff, event.upTo);
      return;
    }
    const line = lineOf(seq, at, event);
    if (line !== undefined) this.#insert(line);
  }

  takeHistory(messages: readonly HistoryMessage[]): void {
    for (const { seq, at, author, text } of messages) this.#insert({ kind: 'message', seq, at, author, text });
  }

  clear(): void {
    this.lines.length = 0;
    this.readByVisitor = 0;
    this.readByStaff = 0;
  }

  #insert(line: Line): void {
    const before = this.lines.findLastIndex(({ seq }) => seq <= line.seq);
    if (this.lines[before]?.seq === line.seq) this.lines[before] = line;
    else this.lines.splice(before + 1, 0, line);
  }
}

/** What the other side is meant to read. */
export const isSaid = (line: Line): line is MessageLine | OfferLine => line.kind === 'message' || line.kind === 'offer';

const lineOf = (seq: number, at: number, event: SessionFact): Line | undefined => {
  switch (event.type) {
    case 'MessagePosted':
      return { kind: 'message', seq, at, author: event.author, text: event.text };
    case 'ChoicesOffered':
      return { kind: 'offer', seq, at, author: event.by, text: event.text, choices: event.choices };
    case 'NoteAdded':
      return { kind: 'note', seq, at, author: event.by, text: event.text };
    case 'Hidden':
    case 'MessagesRead':
      return undefined;
    default:
      return { kind: 'happening', seq, at, event };
  }
};
