/** The client's end of a keep-alive HTTP/1.1 connection, with no more in it than load needs: GET, and answers with a length. */
import { connect, type Socket } from 'node:net';

export interface HttpEars {
  /** An answer, in the order of the requests: its body is from `start` up to `end`, for the moment only. */
  onAnswer(status: number, bytes: Buffer, start: number, end: number): void;
  onClose(why: string): void;
}

const READ_BYTES = 64 * 1024;
const shared = Buffer.allocUnsafe(READ_BYTES);
const HEAD_END = Buffer.from('\r\n\r\n');

export class LoadHttp {
  readonly #socket: Socket;
  readonly #ears: HttpEars;
  #rest: Buffer | undefined;

  static open(host: string, port: number, ears: HttpEars): Promise<LoadHttp> {
    return new Promise((resolve, reject) => {
      const opened = new LoadHttp(host, port, ears);
      opened.#socket.once('connect', () => resolve(opened));
      opened.#socket.once('error', reject);
    });
  }

  private constructor(host: string, port: number, ears: HttpEars) {
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
    this.#socket.on('close', () => ears.onClose('the server closed a connection'));
  }

  /** Sends a request as it stands. */
  send(request: string): void {
    this.#socket.write(request, 'latin1');
  }

  destroy(): void {
    this.#socket.removeAllListeners('close').destroy();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const headEnd = bytes.indexOf(HEAD_END, at);
      if (headEnd === -1) break;
      const head = bytes.toString('latin1', at, headEnd);
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
      if (length === undefined) {
        this.destroy();
        this.#ears.onClose(`an answer without a length: ${head.split('\r\n', 1)[0] ?? ''}`);
        return;
      }
      const start = headEnd + HEAD_END.length;
      const end = start + Number(length);
      if (end > bytes.length) break;
      this.#ears.onAnswer(Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)), bytes, start, end);
      at = end;
    }
    this.#rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined;
  }
}
