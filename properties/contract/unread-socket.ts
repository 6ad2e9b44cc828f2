/** A socket over bare TCP that reads nothing until it is told to: what a frozen browser tab is to the server. */
import { connect, type Socket } from 'node:net';
import { SUBPROTOCOL } from '../../events/frames.ts';

const OPCODE_TEXT = 1;
const OPCODE_CLOSE = 8;

export class UnreadSocket {
  readonly #tcp: Socket;

  private constructor(tcp: Socket) {
    this.#tcp = tcp;
    tcp.on('error', () => undefined);
  }

  /** Resolves when the upgrade has been granted; from there on nothing is read. */
  static connect(url: string, token: string): Promise<UnreadSocket> {
    const { hostname, port } = new URL(url);
    const tcp = connect(Number(port), hostname);
    const lines = [
      'GET /v1/socket HTTP/1.1',
      `host: ${hostname}:${port}`,
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      `sec-websocket-protocol: ${SUBPROTOCOL}, bearer.${token}`,
    ];
    tcp.write(`${lines.join('\r\n')}\r\n\r\n`);
    return new Promise((resolve, reject) => {
      let head = '';
      const hear = (chunk: Buffer): void => {
        head += chunk.toString('latin1');
        if (!head.includes('\r\n\r\n')) return;
        tcp.off('data', hear);
        tcp.pause();
        if (head.startsWith('HTTP/1.1 101')) resolve(new UnreadSocket(tcp));
        else reject(new Error(`not let in: ${head}`));
      };
      tcp.on('data', hear);
      tcp.once('close', () => reject(new Error(`not let in: ${head}`)));
    });
  }

  send(frame: Readonly<Record<string, unknown>>): void {
    const payload = Buffer.from(JSON.stringify(frame));
    if (payload.length > 125) throw new Error('this client sends only small frames');
    // Masked with zeros, which leaves the payload as it is.
    this.#tcp.write(Buffer.concat([Buffer.from([0x80 | OPCODE_TEXT, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
  }

  /** Reads at last, up to the close frame; the code is `undefined` where the connection ended without one. */
  readToEnd(): Promise<{ readonly code: number | undefined; readonly frames: number }> {
    let rest = Buffer.alloc(0);
    let frames = 0;
    return new Promise((resolve) => {
      this.#tcp.once('close', () => resolve({ code: undefined, frames }));
      this.#tcp.on('data', (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        for (let frame = frameAt(rest); frame !== undefined; frame = frameAt(rest)) {
          rest = rest.subarray(frame.end);
          if (frame.opcode === OPCODE_CLOSE) resolve({ code: frame.payload.readUInt16BE(0), frames });
          else frames += 1;
        }
      });
      this.#tcp.resume();
    });
  }

  destroy(): void {
    this.#tcp.destroy();
  }
}

interface WireFrame {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly end: number;
}

/** The frame at the start of the bytes (RFC 6455, section 5.2), `undefined` where it is not whole yet. */
const frameAt = (bytes: Buffer): WireFrame | undefined => {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < head) return undefined;
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < head + length) return undefined;
  return {
    opcode: (bytes[0] ?? 0) & 0x0f,
    payload: bytes.subarray(head, head + length),
    end: head + length,
  };
};
