/**
 * The messages of a few seqs in a row, encoded as they are given out. Stored facts do not change, so that a block
 * may go on, but never becomes another; it is immutable here, and goes on as a new one.
 */

import { commaed, type Utf8, utf8 } from '../events/encoding/utf8.ts';
import type { EncodedMessage } from './encoded-message.ts';

/** Seqs in a block: so much is fetched for a page, and forgotten, at once. */
export const BLOCK_SEQS = 32;

/** The number of the block that a seq is in. */
export const blockAt = (seq: number): number => Math.floor((seq - 1) / BLOCK_SEQS);
export const firstSeqOf = (number: number): number => number * BLOCK_SEQS + 1;
export const lastSeqOf = (number: number): number => (number + 1) * BLOCK_SEQS;

/** What a block takes beside its bytes: itself, its place in a map, and two numbers for every message. */
const OVERHEAD_BYTES = 512;
const MESSAGE_OVERHEAD_BYTES = 16;

const nothing = utf8('');

export class MessageBlock {
  /** It holds every message of its seqs up to here; what comes behind is not known. */
  readonly upTo: number;
  /** JSON, with commas between the messages. */
  readonly #json: Utf8;
  readonly #seqs: readonly number[];
  /** Where each message ends in it. */
  readonly #ends: readonly number[];

  /** `before` is the block that this one goes on from. */
  constructor(upTo: number, messages: readonly EncodedMessage[], before?: MessageBlock) {
    const ends = before === undefined ? [] : [...before.#ends];
    const seqs = before === undefined ? [] : [...before.#seqs];
    let length = ends.at(-1) ?? 0;
    for (const { seq, json } of messages) {
      length += (ends.length > 0 ? 1 : 0) + Buffer.byteLength(json);
      ends.push(length);
      seqs.push(seq);
    }
    this.upTo = upTo;
    this.#seqs = seqs;
    this.#ends = ends;
    this.#json = commaed(
      before === undefined ? nothing : before.#json,
      utf8(messages.map(({ json }) => json).join(',')),
    );
  }

  get count(): number {
    return this.#seqs.length;
  }

  /** What it takes in memory, about. */
  get cost(): number {
    return this.#json.length + OVERHEAD_BYTES + MESSAGE_OVERHEAD_BYTES * this.count;
  }

  /** The seq of the message at an index. */
  seqAt(index: number): number {
    return this.#seqs[index] ?? 0;
  }

  /** How many of its messages have a smaller seq. */
  countBelow(seq: number): number {
    let low = 0;
    let high = this.#seqs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#seqs[middle] ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Its messages from one index to before another, with commas between; at least one. */
  slice(first: number, past: number): Utf8 {
    const start = first === 0 ? 0 : (this.#ends[first - 1] ?? 0) + 1;
    return this.#json.slice(start, this.#ends[past - 1]) as Utf8;
  }
}
