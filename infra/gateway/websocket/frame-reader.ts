/**
 * Reads a client's WebSocket frames (RFC 6455, section 5) from chunks cut anywhere. A chat message is one small frame in one
 * chunk, and costs here what its bytes cost: it is unmasked where it stands, and neither copied nor queued.
 */
import { isUtf8 } from 'node:buffer';
import { isCloseCode, opcodes, statusCodes } from './protocol.ts';

/** What a client has sent. */
export interface FrameEvents {
  text(payload: string): void;
  binary(): void;
  ping(payload: Buffer): void;
  pong(): void;
  /** The client closes, with its code where it gave one. */
  close(code: number | undefined): void;
  /** The client broke the protocol; nothing more is read. */
  broken(code: number, rule: string): void;
}

const CONTROL_BYTES_MAX = 125;
/** A client may cut a message into so many frames. */
const FRAGMENTS_MAX = 1_024;

export class FrameReader {
  readonly #messageBytesMax: number;
  readonly #events: FrameEvents;
  /** The beginning of a frame whose rest has not come yet, as it came. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** How many bytes there must be for another look. */
  #wantedBytes = 0;
  /** The frames so far of a message in several. */
  #fragments: Buffer[] = [];
  #fragmentBytes = 0;
  #fragmentOpcode: number | undefined;
  #isEnded = false;

  constructor(messageBytesMax: number, events: FrameEvents) {
    this.#messageBytesMax = messageBytesMax;
    this.#events = events;
  }

  /**
   * Takes the next bytes: the first so many of the buffer. They are unmasked where they stand, and belong to the caller again
   * afterwards.
   */
  push(chunk: Buffer, length = chunk.length): void {
    if (this.#isEnded) return;
    if (this.#restBytes + length < this.#wantedBytes) {
      this.#keep(chunk, 0, length);
      return;
    }
    if (this.#restBytes === 0) {
      this.#frames(chunk, length);
    } else {
      const bytes = Buffer.concat([...this.#rest, chunk.subarray(0, length)]);
      this.#rest = [];
      this.#restBytes = 0;
      this.#frames(bytes, bytes.length);
    }
  }

  /** Reads no further. */
  end(): void {
    this.#isEnded = true;
  }

  /** What has come and was not read, once {@link push} has returned. */
  get rest(): Buffer {
    return Buffer.concat(this.#rest);
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    this.#rest.push(Buffer.from(bytes.subarray(from, to)));
    this.#restBytes += to - from;
  }

  /** Reads the frames of the first so many bytes, and keeps what is not a whole one. */
  #frames(bytes: Buffer, length: number): void {
    this.#wantedBytes = 0;
    let from = 0;
    for (let taken = 1; taken > 0 && !this.#isEnded && from < length; from += taken)
      taken = this.#frame(bytes, from, length);
    if (from < length) this.#keep(bytes, from, length);
  }

  /** Reads one frame of the bytes up to `to`. How many bytes it took; 0 when it is not whole yet, or broken. */
  #frame(bytes: Buffer, from: number, to: number): number {
    const have = to - from;
    if (have < 2) return 0;
    const first = bytes[from] ?? 0;
    const second = bytes[from + 1] ?? 0;
    const opcode = first & 0x0f;
    const isFinal = (first & 0x80) !== 0;
    const short = second & 0x7f;
    const rule = this.#brokenRule(first, second);
    if (rule !== undefined) return this.#break(statusCodes.protocolError, rule);
    const lengthBytes = short < 126 ? 0 : short === 126 ? 2 : 8;
    if (have < 2 + lengthBytes) return 0;
    const length =
      lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(from + 2) : lengthOf(bytes, from + 2);
    if (length + this.#fragmentBytes > this.#messageBytesMax && opcode < opcodes.close)
      return this.#break(statusCodes.tooLarge, `a message has at most ${this.#messageBytesMax} bytes`);
    const start = from + 2 + lengthBytes + 4;
    const end = start + length;
    if (to < end) {
      this.#wantedBytes = end - from;
      return 0;
    }
    unmask(bytes, start, end);
    // Nearly every frame is a whole text message, and is read where it stands.
    if (opcode === opcodes.text && isFinal) this.#text(bytes, start, end);
    else this.#take(opcode, isFinal, bytes.subarray(start, end));
    return end - from;
  }

  #brokenRule(first: number, second: number): string | undefined {
    const opcode = first & 0x0f;
    if ((first & 0x70) !== 0) return 'no extension was agreed on, so the reserved bits are 0';
    if ((second & 0x80) === 0) return 'a client masks its frames';
    if (opcode > opcodes.pong || (opcode > opcodes.binary && opcode < opcodes.close)) return 'the opcode is unknown';
    if (opcode >= opcodes.close) {
      if ((first & 0x80) === 0) return 'a control frame is not fragmented';
      return (second & 0x7f) > CONTROL_BYTES_MAX ? 'a control frame has at most 125 bytes' : undefined;
    }
    const isContinued = opcode === opcodes.continuation;
    if (isContinued !== (this.#fragmentOpcode !== undefined))
      return isContinued ? 'there is nothing to continue' : 'a fragmented message is finished before the next begins';
    return this.#fragments.length >= FRAGMENTS_MAX ? `a message has at most ${FRAGMENTS_MAX} fragments` : undefined;
  }

  #take(opcode: number, isFinal: boolean, payload: Buffer): void {
    switch (opcode) {
      case opcodes.ping:
        this.#events.ping(payload);
        break;
      case opcodes.pong:
        this.#events.pong();
        break;
      case opcodes.close:
        this.#close(payload);
        break;
      default:
        this.#fragment(opcode, isFinal, payload);
    }
  }

  #fragment(opcode: number, isFinal: boolean, payload: Buffer): void {
    this.#fragmentOpcode ??= opcode;
    this.#fragmentBytes += payload.length;
    this.#fragments.push(Buffer.from(payload));
    if (!isFinal) return;
    const whole = Buffer.concat(this.#fragments);
    const kind = this.#fragmentOpcode;
    this.#fragments = [];
    this.#fragmentBytes = 0;
    this.#fragmentOpcode = undefined;
    if (kind === opcodes.binary) this.#events.binary();
    else this.#text(whole, 0, whole.length);
  }

  #text(bytes: Buffer, start: number, end: number): void {
    const text = bytes.toString('utf8', start, end);
    // Decoding puts this character where a byte sequence is wrong; it may also have been sent.
    if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end)))
      this.#break(statusCodes.notUtf8, 'a text message is UTF-8');
    else this.#events.text(text);
  }

  #close(payload: Buffer): void {
    if (payload.length === 0) {
      this.#isEnded = true;
      this.#events.close(undefined);
      return;
    }
    const code = payload.length === 1 ? 0 : payload.readUInt16BE(0);
    if (!isCloseCode(code)) {
      this.#break(statusCodes.protocolError, 'the close code is none that may be sent');
    } else if (!isUtf8(payload.subarray(2))) {
      this.#break(statusCodes.notUtf8, 'the reason for closing is UTF-8');
    } else {
      this.#isEnded = true;
      this.#events.close(code);
    }
  }

  #break(code: number, rule: string): 0 {
    this.#isEnded = true;
    this.#events.broken(code, rule);
    return 0;
  }
}

/** Lengths beyond what a number holds exactly are beyond every bound. */
const lengthOf = (bytes: Buffer, at: number): number =>
  bytes.readUInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);

/** The key stands right before the payload (section 5.3). */
const unmask = (bytes: Buffer, start: number, end: number): void => {
  const key0 = bytes[start - 4] ?? 0;
  const key1 = bytes[start - 3] ?? 0;
  const key2 = bytes[start - 2] ?? 0;
  const key3 = bytes[start - 1] ?? 0;
  let at = start;
  for (const whole = end - 3; at < whole; at += 4) {
    bytes[at] = (bytes[at] ?? 0) ^ key0;
    bytes[at + 1] = (bytes[at + 1] ?? 0) ^ key1;
    bytes[at + 2] = (bytes[at + 2] ?? 0) ^ key2;
    bytes[at + 3] = (bytes[at + 3] ?? 0) ^ key3;
  }
  if (at < end) bytes[at] = (bytes[at] ?? 0) ^ key0;
  if (at + 1 < end) bytes[at + 1] = (bytes[at + 1] ?? 0) ^ key1;
  if (at + 2 < end) bytes[at + 2] = (bytes[at + 2] ?? 0) ^ key2;
};
