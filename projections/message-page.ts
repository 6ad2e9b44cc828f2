/** One page of a session's messages, encoded. */

import { type Utf8, utf8 } from '../events/encoding/utf8.ts';
import type { EncodedMessage } from './encoded-message.ts';
import type { MessageQuery } from './view-store.ts';

export interface MessagePage {
  /** Whose session it is: their id. */
  readonly visitor: string;
  /** The answer holds all that was asked for among the facts up to here. */
  readonly seq: number;
  /** JSON of the messages, oldest first: with a comma between each and the next, an array without its brackets. */
  readonly messages: Utf8;
  /** The seq to go on from in the direction asked, `null` where there is nothing more. */
  readonly next: number | null;
}

/** The page among messages that hold all of it, and of what comes next at least one. */
export const pageOf = (
  { visitor, seq }: Pick<MessagePage, 'visitor' | 'seq'>,
  messages: readonly EncodedMessage[],
  query: MessageQuery,
): MessagePage => {
  const all = within(messages, query);
  const isForward = query.after !== undefined;
  const page = isForward ? all.slice(0, query.limit) : all.slice(-query.limit);
  const edge = isForward ? page.at(-1) : page[0];
  const encoded = utf8(page.map(({ json }) => json).join(','));
  // Nothing was looked at from `before` on, however far the session has come meanwhile.
  const seen = Math.min(seq, (query.before ?? Number.POSITIVE_INFINITY) - 1);
  return { visitor, seq: seen, messages: encoded, next: all.length > query.limit ? (edge?.seq ?? null) : null };
};

/** Those between the bounds of the question. */
export const within = (messages: readonly EncodedMessage[], { after, before }: MessageQuery): EncodedMessage[] =>
  messages.filter(({ seq }) => seq > (after ?? 0) && seq < (before ?? Number.POSITIVE_INFINITY));

/** A JSON object with the page as its last keys; `first` are the keys before them, each with a comma behind. */
export const encodePage = ({ messages, next }: Pick<MessagePage, 'messages' | 'next'>, first = utf8('')): Utf8 =>
  `{${first}"messages":[${messages}],"next":${next}}` as Utf8;
