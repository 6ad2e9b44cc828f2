/**
 * A server's frames (RFC 6455, section 5.2): whole, never masked, and one character a byte, so that what many sockets get and
 * what one gets at once is put together without copying.
 */
import { type Utf8, utf8 } from '../../../events/encoding/utf8.ts';
import { opcodes } from './protocol.ts';

const FINAL = 0x80;

/** One text message. */
export const textFrame = (text: string): Utf8 => encodedTextFrame(utf8(text));

/** One text message whose characters are bytes already. */
export const encodedTextFrame = (text: Utf8): Utf8 => (headOf(opcodes.text, text.length) + text) as Utf8;

/** A ping, pong or close frame, of at most 125 bytes. */
export const controlFrame = (opcode: number, payload: Buffer): Utf8 =>
  (headOf(opcode, payload.length) + payload.toString('latin1')) as Utf8;

export const closeFrame = (code: number, reason: string): Utf8 => {
  const payload = Buffer.allocUnsafe(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return controlFrame(opcodes.close, payload);
};

const headOf = (opcode: number, length: number): string => {
  const first = FINAL | opcode;
  if (length < 126) return String.fromCharCode(first, length);
  if (length < 0x1_0000) return String.fromCharCode(first, 126, length >>> 8, length & 0xff);
  const head = Buffer.alloc(10, 0);
  head[0] = first;
  head[1] = 127;
  head.writeUInt32BE(Math.floor(length / 0x1_0000_0000), 2);
  head.writeUInt32BE(length % 0x1_0000_0000, 6);
  return head.toString('latin1');
};
