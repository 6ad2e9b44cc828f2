/**
 * Messages on their way into the views, as the bytes that are kept there. They are encoded when their commit comes by, so
 * that until they are written they are no objects which a collection of garbage would have to copy.
 */
import type { Commit } from '../events/commit.ts';
import type { HistoryMessage } from '../events/frames.ts';
import { type EncodedMessage, encodeMessage } from './encoded-message.ts';

/** Some messages of usual length. */
const FIRST_BYTES = 2_048;
/** What one UTF-16 unit can become in UTF-8. */
const BYTES_PER_UNIT_MAX = 3;
const LINE_END = 10;

export class MessageLines {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  /** One behind the other, each as JSON with a line end; `seq` comes first, so that who looks for a seq reads it there. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  add(message: HistoryMessage): this {
    const { json } = encodeMessage(message);
    const lengthMax = this.#length + BYTES_PER_UNIT_MAX * json.length + 1;
    if (lengthMax > this.#bytes.length) this.#grow(lengthMax);
    this.#length += this.#bytes.write(json, this.#length);
    this.#bytes[this.#length] = LINE_END;
    this.#length += 1;
    return this;
  }

  /** Adds the messages among a commit's facts. */
  addFrom({ seq, at, events }: Commit): this {
    events.forEach((fact, index) => {
      if (fact.type !== 'MessagePosted') return;
      const { messageId, author, text } = fact;
      this.add({ seq: seq + index, messageId, author, text, at });
    });
    return this;
  }

  #grow(lengthMin: number): void {
    const grown = Buffer.allocUnsafe(Math.max(lengthMin, 2 * this.#bytes.length));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

export const linesOf = (messages: readonly HistoryMessage[]): MessageLines => {
  const lines = new MessageLines();
  for (const message of messages) lines.add(message);
  return lines;
};

/** For stores that keep each message by itself. */
export function* eachLine({ bytes }: MessageLines): Iterable<EncodedMessage> {
  for (const json of bytes.toString().split('\n')) if (json !== '') yield { seq: seqOf(json), json };
}

const SEQ_AT = '{"seq":'.length;
const seqOf = (line: string): number => Number(line.slice(SEQ_AT, line.indexOf(',')));
