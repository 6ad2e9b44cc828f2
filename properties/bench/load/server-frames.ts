/**
 * Tells from a server's frame which request it is about, reading no more of it than that takes. Whatever looks other than
 * the server writes today is read as JSON, so that a change of its form makes the load dearer and never wrong.
 */
import { MARK } from './sentences.ts';

/** `type` is the first key of every frame: the contract says so. */
const kinds = ['ack', 'event', 'joined', 'history'] as const;
export type Kind = (typeof kinds)[number] | 'other';

const TYPE_AT = '{"type":"'.length;
const byFirstLetter = new Map(kinds.map((kind) => [kind.charCodeAt(0), kind]));
/** Where the id begins: it is the second key, as far as this knows. */
const idAt = (kind: Kind): number => TYPE_AT + kind.length + '","id":"'.length;

const TEXT_END = Buffer.from('"}}');
const QUOTE = '"'.charCodeAt(0);
const MARK_CODE = MARK.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);
const NINE = '9'.charCodeAt(0);

export const kindOf = (bytes: Buffer, start: number): Kind => byFirstLetter.get(bytes[start + TYPE_AT] ?? 0) ?? 'other';

/** The number that is an answer's id; -1 where its id is something else. */
export const numberedId = (kind: Kind, bytes: Buffer, start: number, end: number): number => {
  const from = start + idAt(kind);
  let [at, index] = [from, 0];
  for (; at < end && isDigit(bytes[at]); at++) index = index * 10 + (bytes[at] ?? ZERO) - ZERO;
  if (at > from && bytes[at] === QUOTE && bytes[from - 1] === QUOTE) return index;
  const { id } = JSON.parse(bytes.toString('utf8', start, end)) as { readonly id?: unknown };
  return typeof id === 'string' && /^\d+$/.test(id) ? Number(id) : -1;
};

/** The number that ends the text of a message that was posted; -1 where the event is another one. */
export const postedIndex = (bytes: Buffer, start: number, end: number): number => {
  let at = end - TEXT_END.length - 1;
  let [index, place] = [0, 1];
  for (; at > start && isDigit(bytes[at]); at--) {
    index += ((bytes[at] ?? ZERO) - ZERO) * place;
    place *= 10;
  }
  if (place > 1 && bytes[at] === MARK_CODE && endsWith(bytes, end, TEXT_END)) return index;
  const { event } = JSON.parse(bytes.toString('utf8', start, end)) as { readonly event?: { readonly text?: unknown } };
  const found = typeof event?.text === 'string' ? /#(\d+)$/.exec(event.text) : null;
  return found === null ? -1 : Number(found[1]);
};

/** The number behind the last mark, which is the newest message of a page; -1 on an empty page. */
export const newestMark = (bytes: Buffer, start: number, end: number): number => {
  const mark = bytes.lastIndexOf(MARK_CODE, end - 1);
  if (mark < start) return -1;
  let index = 0;
  for (let at = mark + 1; at < end && isDigit(bytes[at]); at++) index = index * 10 + (bytes[at] ?? ZERO) - ZERO;
  return index;
};

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE;

const endsWith = (bytes: Buffer, end: number, tail: Buffer): boolean =>
  bytes.compare(tail, 0, tail.length, end - tail.length, end) === 0;
