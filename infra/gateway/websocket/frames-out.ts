/** A server's frames (RFC 6455, section 5.2): whole, and never masked. */
import { opcodes } from './protocol.ts';

const FINAL = 0x80;
/** The longest head: an opcode, a length and its 8-byte form. */
const HEAD_BYTES_MAX = 10;

/** One text message. The same bytes serve every socket that gets it. */
export const textFrame = (text: string): Buffer => {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEAD_BYTES_MAX + length);
  const start = writeHead(frame, opcodes.text, length);
  // A text of one byte a character takes the quicker way.
  const end = start + (length === text.length ? frame.write(text, start, 'latin1') : frame.write(text, start));
  return frame.subarray(0, end);
};

/** A ping, pong or close frame, of at most 125 bytes. */
export const controlFrame = (opcode: number, payload: Uint8Array): Buffer => {
  const frame = Buffer.allocUnsafe(HEAD_BYTES_MAX + payload.length);
  const start = writeHead(frame, opcode, payload.length);
  frame.set(payload, start);
  return frame.subarray(0, start + payload.length);
};

export const closeFrame = (code: number, reason: string): Buffer => {
  const payload = Buffer.allocUnsafe(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return controlFrame(opcodes.close, payload);
};

const writeHead = (frame: Buffer, opcode: number, length: number): number => {
  frame[0] = FINAL | opcode;
  if (length < 126) {
    frame[1] = length;
    return 2;
  }
  if (length < 0x1_0000) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
    return 4;
  }
  frame[1] = 127;
  frame.writeUInt32BE(Math.floor(length / 0x1_0000_0000), 2);
  frame.writeUInt32BE(length % 0x1_0000_0000, 6);
  return HEAD_BYTES_MAX;
};
