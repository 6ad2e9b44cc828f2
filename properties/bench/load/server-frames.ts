/**
 * Tells from a server's frame which message it is about, reading no more of it than that takes. Whatever looks other than
 * the server writes today is read as JSON, so that a change of its form makes the load dearer and never wrong.
 */
import { MARK } from './sentences.ts';

export type Kind = 'ack' | 'event' | 'other';

/** `type` is the first key of every frame: the contract says so. */
const TYPE_AT = '{"type":"'.length;
const ACK_ID_AT = '{"type":"ack","id":"'.length;
const TEXT_END = Buffer.from('"}}');
const [A, E, QUOTE, MARK_CODE, ZERO, NINE] = ['a', 'e', '"', MARK, '0', '9'].map((char) => char.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
];

export const kindOf = (bytes: Buffer, start: number): Kind => {
  const first = bytes[start + TYPE_AT];
  if (first === A) return 'ack';
  return first === E ? 'event' : 'other';
};

/** The number that is an ack's id; -1 where its id is something else. */
export const ackedIndex = (bytes: Buffer, start: number, end: number): number => {
  let [at, index] = [start + ACK_ID_AT, 0];
  for (; at < end && isDigit(bytes[at]); at++) index = index * 10 + (bytes[at] ?? ZERO) - ZERO;
  if (at > start + ACK_ID_AT && bytes[at] === QUOTE) return index;
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

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE;

const endsWith = (bytes: Buffer, end: number, tail: Buffer): boolean =>
  bytes.compare(tail, 0, tail.length, end - tail.length, end) === 0;
