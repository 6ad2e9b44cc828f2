/**
 * What somebody says, as it is decided. A message is put into JSON for the log, for every socket that follows and for the views:
 * what is alike in all of them is put together once, at its first use.
 */
import type { FactOf, Person } from '../facts.ts';
import type { HistoryMessage } from '../frames.ts';
import { type Utf8, utf8 } from './utf8.ts';

type Posted = FactOf<'MessagePosted'>;

/** A {@link Posted} fact without any of its optional keys. */
export class Said implements Posted {
  readonly type = 'MessagePosted';
  readonly messageId: string;
  readonly author: Person;
  readonly text: string;
  readonly clientId: string;
  #keys: Utf8 | undefined;

  constructor(messageId: string, author: Person, text: string, clientId: string) {
    this.messageId = messageId;
    this.author = author;
    this.text = text;
    this.clientId = clientId;
  }

  /** What everyone gets of it, in JSON without braces: `messageId`, `author` and `text`. */
  get keys(): Utf8 {
    this.#keys ??= saidKeys(this);
    return this.#keys;
  }
}

/** The same of any message. */
export const saidKeys = ({ messageId, author, text }: Pick<HistoryMessage, 'messageId' | 'author' | 'text'>): Utf8 =>
  utf8(`"messageId":${JSON.stringify(messageId)},"author":${JSON.stringify(author)},"text":${JSON.stringify(text)}`);
