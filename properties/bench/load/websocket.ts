/**
 * The client's end of a WebSocket (RFC 6455), with no more in it than load needs: text frames that are not fragmented, pings
 * answered, everything else an error. It costs a fraction of what a whole client does, so that the machine is left to the
 * server that is measured.
 *
 * Frames come as a stretch of a buffer that all sockets share: it is overwritten as soon as `onFrame` has returned.
 */

import { Buffer } from 'node:buffer';
import { connect, type Socket } from 'node:net';

export interface SocketAddress {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly subprotocol: string;
  readonly token: string;
}

export interface SocketEars {
  /** A text frame: its payload is from `start` up to `end`. */
  onFrame(bytes: Buffer, start: number, end: number): void;
  /** It is closed, by whoever: the close frame's code where there was one. */
  onClose(code: number | undefined, reason: string): void;
}

const READ_BYTES = 64 * 1024;
const shared = Buffer.allocUnsafe(READ_BYTES);

const FIN_TEXT = 0x81;
const FIN_CLOSE = 0x88;
const FIN_PING = 0x89;
const FIN_PONG = 0x8a;
/** Any four bytes would do. All zeros would spare the server its unmasking, which real clients do not. */
const MASK = [0x37, 0xfa, 0x21, 0x3d] as const;
const HEAD_END = '\r\n\r\n';

export class LoadSocket {
  readonly #socket: Socket;
  readonly #ears: SocketEars;
  #isUpgraded = false;
  #rest: Buffer | undefined;
  #unsent: Buffer[] = [];
  #closed: { readonly code: number | undefined; readonly reason: string } = { code: undefined, reason: '' };
  #onUpgrade: (failure?: Error) => void = () => undefined;

  /** Resolves when the server has switched protocols; rejects with its answer when it has not. */
  static open(address: SocketAddress, ears: SocketEars): Promise<LoadSocket> {
    return new Promise((resolve, reject) => {
      const opened = new LoadSocket(address, ears);
      opened.#onUpgrade = (failure) => (failure === undefined ? resolve(opened) : reject(failure));
    });
  }

  private constructor({ host, port, path, subprotocol, token }: SocketAddress, ears: SocketEars) {
    this.#ears = ears;
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length) => {
          this.#read(shared.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.#onUpgrade(error));
    this.#socket.on('close', () => {
      this.#onUpgrade(new Error('the server closed the connection before it had switched protocols'));
      this.#ears.onClose(this.#closed.code, this.#closed.reason);
    });
    this.#socket.write(
      [
        `GET ${path} HTTP/1.1`,
        `host: ${host}:${port}`,
        'connection: Upgrade',
        'upgrade: websocket',
        'sec-websocket-version: 13',
        'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
        `sec-websocket-protocol: ${subprotocol}`,
        `authorization: Bearer ${token}`,
        HEAD_END,
      ]
        .join('\r\n')
        .slice(0, -2),
    );
  }

  /** Sends a frame that {@link textFrame} made. */
  send(frame: Buffer): void {
    this.#socket.write(frame);
  }

  /** Keeps a frame until {@link flush}; whether it is the first that is kept. */
  queue(frame: Buffer): boolean {
    return this.#unsent.push(frame) === 1;
  }

  /** Sends what was queued, in one system call. */
  flush(): void {
    const frames = this.#unsent;
    this.#unsent = [];
    const [only] = frames;
    if (only === undefined) return;
    this.#socket.write(frames.length === 1 ? only : Buffer.concat(frames));
  }

  /** Ends the connection without a closing handshake, as most people's do. */
  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    const start = this.#isUpgraded ? 0 : this.#readHead(bytes);
    const read = this.#isUpgraded ? this.#readFrames(bytes, start) : start;
    // What is kept must not lie in the buffer that the next read overwrites.
    if (read < bytes.length) this.#rest = Buffer.from(bytes.subarray(read));
  }

  /** How many bytes of the answer to the upgrade have been read: all of them or none. */
  #readHead(bytes: Buffer): number {
    const end = bytes.indexOf(HEAD_END);
    if (end === -1) return 0;
    const head = bytes.toString('latin1', 0, end);
    this.#isUpgraded = head.startsWith('HTTP/1.1 101 ');
    if (this.#isUpgraded) this.#onUpgrade();
    else this.#fail(`the server did not switch protocols: ${head.split('\r\n', 1)[0] ?? ''}`);
    return end + HEAD_END.length;
  }

  /** Where the first frame begins that is not there as a whole. */
  #readFrames(bytes: Buffer, from: number): number {
    let at = from;
    while (at + 2 <= bytes.length) {
      const kind = bytes[at] ?? 0;
      const short = bytes[at + 1] ?? 0;
      const extra = short < 126 ? 0 : short === 126 ? 2 : 8;
      const start = at + 2 + extra;
      if (start > bytes.length) break;
      const length =
        extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
      const end = start + length;
      if (end > bytes.length) break;
      if (kind === FIN_TEXT) this.#ears.onFrame(bytes, start, end);
      else this.#control(kind, bytes.subarray(start, end));
      at = end;
    }
    return at;
  }

  #control(kind: number, payload: Buffer): void {
    if (kind === FIN_PING) this.#socket.write(frameOf(FIN_PONG, payload));
    else if (kind === FIN_CLOSE) {
      const code = payload.length < 2 ? undefined : payload.readUInt16BE(0);
      this.#closed = { code, reason: payload.toString('utf8', 2) };
      this.#socket.end(frameOf(FIN_CLOSE, payload));
    } else if (kind !== FIN_PONG) this.#fail(`a frame of an unexpected kind: 0x${kind.toString(16)}`);
  }

  #fail(why: string): void {
    this.#socket.destroy(new Error(why));
  }
}

/** A text frame as a client sends it. */
export const textFrame = (payload: string): Buffer => frameOf(FIN_TEXT, Buffer.from(payload));

const frameOf = (kind: number, payload: Buffer): Buffer => {
  const { length } = payload;
  const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const start = 2 + extra + MASK.length;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = kind;
  frame[1] = 0x80 | (extra === 0 ? length : extra === 2 ? 126 : 127);
  if (extra === 2) frame.writeUInt16BE(length, 2);
  if (extra === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(MASK, 2 + extra);
  for (let at = 0; at < length; at++) frame[start + at] = (payload[at] ?? 0) ^ (MASK[at & 3] ?? 0);
  return frame;
};
