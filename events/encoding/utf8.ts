/**
 * Text in UTF-8 as a string with one character a byte. Other than a buffer it lies in V8's own heap: to cut it or to put it
 * together copies nothing, what is dropped costs nothing, and a lot of it does not make the collector hurry. It is written
 * as `latin1`.
 */
export type Utf8 = string & { readonly encoding: 'utf8' };

/** The same text, encoded. */
export const utf8 = (text: string): Utf8 =>
  (Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')) as Utf8;

/** One behind the other, with a comma between where there are two. */
export const commaed = (one: Utf8, other: Utf8): Utf8 =>
  one === '' ? other : other === '' ? one : (`${one},${other}` as Utf8);

export const bytesOf = (encoded: Utf8): Buffer => Buffer.from(encoded, 'latin1');
