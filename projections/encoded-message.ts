/** A message as it is stored and given out: nobody on the way has to read it. */
import type { HistoryMessage } from '../events/frames.ts';

export interface EncodedMessage {
  readonly seq: number;
  /** Of a {@link HistoryMessage}, with `seq` first. */
  readonly json: string;
}

/** One message has one form, so that what was stored and what was encoded just now are the same. */
export const encodeMessage = ({ seq, messageId, author, text, at }: HistoryMessage): EncodedMessage => ({
  seq,
  json: JSON.stringify({ seq, messageId, author, text, at }),
});
