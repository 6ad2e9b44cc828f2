/** A server's frames (RFC 6455, section 5.2): whole, and never masked. */
import type { Utf8 } from '../../../projections/utf8.ts';
import { opcodes } from './protocol.ts';

const FINAL = 0x80;

/** One text message. The same bytes serve every socket that gets it. */
export const textFrame = (text: string): Buffer => {
  const length = Buffer.byteLength(text);
  const frame = framed(opcodes.text, length);
  // A text of one byte a character takes the quicker way.
  if (length === text.length) frame.write(text, frame.length - length, 'latin1');
  else frame.write(text, frame.length - length);
  return frame;
};

/** One text message whose characters are bytes already. */
export const encodedTextFrame = (text: Utf8): Utf8 =>
  (framed(opcodes.text, text.length, 0).toString('latin1') + text) as Utf8;

/** A ping, pong or close frame, of at most 125 bytes. */
export const controlFrame = (opcode: number, payload: Uint8Array): Buffer => filled(opcode, payload);

export const closeFrame = (code: number, reason: string): Buffer => {
  const payload = Buffer.allocUnsafe(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return controlFrame(opcodes.close, payload);
};

const filled = (opcode: number, payload: Uint8Array): Buffer => {
  const frame = framed(opcode, payload.length);
  frame.set(payload, frame.length - payload.length);
  return frame;
};

/** A frame's head, with room for its payload unless told otherwise. */
const framed = (opcode: number, length: number, room = length): Buffer => {
  const lengthBytes = length < 126 ? 0 : length < 0x1_0000 ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + lengthBytes + room);
  frame[0] = FINAL | opcode;
  if (lengthBytes === 0) {
    frame[1] = length;
  } else if (lengthBytes === 2) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(Math.floor(length / 0x1_0000_0000), 2);
    frame.writeUInt32BE(length % 0x1_0000_0000, 6);
  }
  return frame;
};
