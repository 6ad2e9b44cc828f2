/** Frames as RFC 6455 lays them out: the first byte, the length in one of three forms, and the text's UTF-8. */
import { expect, test } from 'vitest';
import { bytesOf } from '../../../events/encoding/utf8.ts';
import { closeFrame, controlFrame, textFrame } from './frames-out.ts';

const lengthBytes = (length: number): Buffer => {
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(BigInt(length));
  if (length < 126) return long.subarray(7);
  return length < 65_536 ? Buffer.from([126, ...long.subarray(6)]) : Buffer.from([127, ...long]);
};

test.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('a text of %i bytes', (length) => {
  const text = `${'x'.repeat(length % 3)}${'好'.repeat(length / 3)}`;
  const expected = Buffer.concat([Buffer.from([0x81]), lengthBytes(length), Buffer.from(text)]);
  expect(bytesOf(textFrame(text)).equals(expected)).toBe(true);
});

test('a control frame has any bytes', () => {
  expect([...bytesOf(controlFrame(10, Buffer.from([0, 128, 255])))]).toEqual([0x8a, 3, 0, 128, 255]);
});

test('a close frame has its code before its reason', () => {
  const reason = [...Buffer.from('再见')];
  expect([...bytesOf(closeFrame(4401, '再见'))]).toEqual([0x88, 8, 0x11, 0x31, ...reason]);
});
