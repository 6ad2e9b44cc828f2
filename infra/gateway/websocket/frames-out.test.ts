/** A frame is the same, whether its text was encoded for it or before. */
import { expect, test } from 'vitest';
import { bytesOf, utf8 } from '../../../projections/utf8.ts';
import { encodedTextFrame, textFrame } from './frames-out.ts';

test.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('of %i bytes', (length) => {
  const text = `${'x'.repeat(length % 3)}${'好'.repeat(length / 3)}`;
  expect(bytesOf(encodedTextFrame(utf8(text))).equals(textFrame(text))).toBe(true);
});
