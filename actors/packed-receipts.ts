/**
 * What a session remembers of its commands, as a snapshot has it: thousands of great numbers, which as JSON take a millisecond to
 * write, as long as forty messages, and as the bytes of doubles in base 64 a hundredth of that.
 */
import { anyText, Constrained, struct, type TypeOf } from '../events/codec.ts';
import type { Memory, ReceiptEntry } from './receipt-memory.ts';

/** A key, a seq, a time and a print. */
const COLUMNS = 4;
const BYTES_A_NUMBER = 8;

const areMessageIds = (value: unknown): value is readonly (string | null)[] =>
  Array.isArray(value) && value.every((each) => each === null || typeof each === 'string');

export const PackedReceipts = struct({
  /** Rows of {@link COLUMNS} numbers. */
  recent: anyText,
  /** A row's message, where it has one. */
  messageIds: new Constrained('message ids', {}, areMessageIds),
  old: anyText,
});
export type PackedReceipts = TypeOf<typeof PackedReceipts>;

export const packReceipts = ({ recent, old }: Memory): PackedReceipts => {
  const rows = new Numbers(recent.length * COLUMNS);
  for (const [key, seq, at, print] of recent) rows.add(key).add(seq).add(at).add(print);
  const keys = new Numbers(old.length);
  for (const key of old) keys.add(key);
  return {
    recent: rows.packed(),
    messageIds: recent.map(([, , , , messageId]) => messageId ?? null),
    old: keys.packed(),
  };
};

/** `undefined` for what {@link packReceipts} has not made. */
export const unpackReceipts = ({ recent, messageIds, old }: PackedReceipts): Memory | undefined => {
  const numbers = unpacked(recent);
  const keys = unpacked(old);
  if (numbers?.length !== messageIds.length * COLUMNS || keys === undefined) return undefined;
  return {
    recent: messageIds.map((messageId, row): ReceiptEntry => {
      const [key = 0, seq = 0, at = 0, print = 0] = numbers.slice(row * COLUMNS, (row + 1) * COLUMNS);
      return messageId === null ? [key, seq, at, print] : [key, seq, at, print, messageId];
    }),
    old: keys,
  };
};

/** So many doubles, in one byte order, whichever the machine has. */
class Numbers {
  readonly #bytes: DataView<ArrayBuffer>;
  #length = 0;

  constructor(length: number) {
    this.#bytes = new DataView(new ArrayBuffer(length * BYTES_A_NUMBER));
  }

  add(number: number): this {
    this.#bytes.setFloat64(this.#length, number, true);
    this.#length += BYTES_A_NUMBER;
    return this;
  }

  packed(): string {
    return Buffer.from(this.#bytes.buffer).toString('base64');
  }
}

const unpacked = (text: string): number[] | undefined => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % BYTES_A_NUMBER !== 0) return undefined;
  const numbers = Array.from({ length: bytes.length / BYTES_A_NUMBER }, (_, index) =>
    bytes.readDoubleLE(index * BYTES_A_NUMBER),
  );
  return numbers.every(Number.isSafeInteger) ? numbers : undefined;
};
