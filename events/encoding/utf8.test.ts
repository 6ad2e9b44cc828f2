/** A string of one character a byte is the text's UTF-8, however it was cut and put together. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, commaed, utf8 } from './utf8.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });

test('it has the bytes of the text, one a character', () => {
  fc.assert(
    fc.property(text, (each) => {
      const encoded = utf8(each);
      expect(encoded).toHaveLength(Buffer.byteLength(each));
      expect(bytesOf(encoded).toString()).toBe(each);
    }),
  );
});

test('a comma stands between two, and nowhere else', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const both = [one, other].filter((each) => each !== '').join(',');
      expect(bytesOf(commaed(utf8(one), utf8(other))).toString()).toBe(both);
    }),
  );
});
