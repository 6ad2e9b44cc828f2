/**
 * Messages on their way into the views, as the bytes that are kept there. They are encoded when their commit comes by, so
 * that until they are written they are no objects which a collection of garbage would have to copy; and they are strings,
 * because buffers that outlive such a collection make V8 mark everything.
 */
import type { Commit } from '../events/commit.ts';
import { Said, saidKeys } from '../events/encoding/said.ts';
import { bytesOf, type Utf8 } from '../events/encoding/utf8.ts';
import type { HistoryMessage } from '../events/frames.ts';
import type { EncodedMessage } from './encoded-message.ts';

export class MessageLines {
  #lines = '' as Utf8;

  /** One behind the other, each as JSON with a line end; `seq` comes first, so that who looks for a seq reads it there. */
  get bytes(): Buffer {
    return bytesOf(this.#lines);
  }

  add({ seq, at, ...said }: HistoryMessage): this {
    return this.#add(seq, saidKeys(said), at);
  }

  /** Adds the messages among a commit's facts. */
  addFrom({ seq, at, events }: Commit): this {
    events.forEach((fact, index) => {
      if (fact instanceof Said) this.#add(seq + index, fact.keys, at);
      else if (fact.type === 'MessagePosted') this.#add(seq + index, saidKeys(fact), at);
    });
    return this;
  }

  #add(seq: number, keys: Utf8, at: number): this {
    this.#lines = `${this.#lines}{"seq":${seq},${keys},"at":${at}}\n` as Utf8;
    return this;
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
