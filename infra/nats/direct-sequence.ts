/** Which sequence a message of a direct read has. */
import type { Msg } from 'nats';

const NAME = '\r\nNats-Sequence: ';
/** The server's own headers come last, and what follows this one is shorter. */
const LOOK_BACK_BYTES = 512;
const DIGITS_MAX = 20;

/**
 * The client reads headers into a map at about 1 µs each, and such a message has eight, so a session's past would cost more
 * in headers than in facts. The header stands right before the body in the bytes that were received, so it is looked up
 * there; should it not be, the map still has it.
 */
export const directSequence = (message: Msg): number => {
  const { buffer, byteOffset } = message.data;
  const start = Math.max(0, byteOffset - LOOK_BACK_BYTES);
  const before = Buffer.from(buffer, start, byteOffset - start);
  const at = before.lastIndexOf(NAME, undefined, 'latin1');
  if (at === -1) return Number(message.headers?.get('Nats-Sequence'));
  const digits = at + NAME.length;
  return Number.parseInt(before.toString('latin1', digits, digits + DIGITS_MAX), 10);
};
