/** Somebody on a socket: asks and waits for answers while things are set up, and hands on what answers numbered requests. */
import { type ServerFrame, SUBPROTOCOL } from '../../../events/frames.ts';
import type { Gate } from './gate.ts';
import { kindOf, numberedId, postedIndex } from './server-frames.ts';
import { LoadSocket, textFrame } from './websocket.ts';

export interface PeerEars {
  /** The request with that number is acknowledged. */
  acked?(index: number): void;
  /** The session that the request with that number opened or joined is joined, with everything that was asked for. */
  joined?(index: number): void;
  /** The page that the request with that number asked for; the bytes are there for the moment only. */
  page?(index: number, bytes: Buffer, start: number, end: number): void;
  /** The message with that number has come, as everybody in the session gets it. */
  posted?(index: number): void;
  /** Something went wrong that should not. */
  failed(why: string): void;
}

export type Answer = Extract<ServerFrame, { readonly id: string | null }>;

interface Waiting {
  readonly resolve: (frame: Answer) => void;
  readonly reject: (why: Error) => void;
}

export class Peer {
  readonly #ears: PeerEars;
  readonly #waiting = new Map<string, Waiting>();
  #socket: LoadSocket | undefined;
  #isLeaving = false;

  constructor(ears: PeerEars) {
    this.#ears = ears;
  }

  async enter({ host, port }: Gate, token: string): Promise<void> {
    this.#socket = await LoadSocket.open(
      { host, port, path: '/v1/socket', subprotocol: SUBPROTOCOL, token },
      {
        onFrame: (bytes, start, end) => this.#heard(bytes, start, end),
        onClose: (code, reason) => this.#lost(`the server closed a socket: ${code ?? 'no code'} ${reason}`),
      },
    );
    if (this.#isLeaving) this.#socket.destroy();
  }

  /** The socket; only of use once {@link enter} has resolved. */
  get socket(): LoadSocket {
    if (this.#socket === undefined) throw new Error('nobody is on this socket yet');
    return this.#socket;
  }

  /** Sends a frame; resolves with the one that answers it, rejects when it is refused. */
  ask(frame: { readonly id: string } & Readonly<Record<string, unknown>>, answer: 'ack' | 'joined'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(`${answer} ${frame.id}`, { resolve, reject });
      this.socket.send(textFrame(JSON.stringify(frame)));
    });
  }

  leave(): void {
    this.#isLeaving = true;
    this.#socket?.destroy();
  }

  #heard(bytes: Buffer, start: number, end: number): void {
    const kind = kindOf(bytes, start);
    if (kind === 'event') {
      const index = this.#ears.posted === undefined ? -1 : postedIndex(bytes, start, end);
      if (index >= 0) this.#ears.posted?.(index);
      return;
    }
    const index = kind === 'other' ? -1 : numberedId(kind, bytes, start, end);
    if (index < 0) this.#answered(JSON.parse(bytes.toString('utf8', start, end)) as ServerFrame);
    else if (kind === 'ack') this.#ears.acked?.(index);
    else if (kind === 'joined' && isRecovered(bytes, start, end)) this.#ears.joined?.(index);
    else if (kind === 'joined') this.#ears.failed('a session was joined with a gap');
    else this.#ears.page?.(index, bytes, start, end);
  }

  #answered(frame: ServerFrame): void {
    if (frame.type === 'refused') {
      const refusal = new Error(`refused: ${frame.code} ${frame.reason ?? ''} ${frame.message}`);
      const asked = [`ack ${frame.id}`, `joined ${frame.id}`].find((key) => this.#waiting.has(key));
      const waiting = this.#waiting.get(asked ?? '');
      this.#waiting.delete(asked ?? '');
      if (waiting === undefined) this.#ears.failed(refusal.message);
      else waiting.reject(refusal);
      return;
    }
    if (!('id' in frame)) return;
    const key = `${frame.type} ${frame.id}`;
    this.#waiting.get(key)?.resolve(frame);
    this.#waiting.delete(key);
  }

  #lost(why: string): void {
    if (this.#isLeaving) return;
    this.#ears.failed(why);
    for (const { reject } of this.#waiting.values()) reject(new Error(why));
    this.#waiting.clear();
  }
}

const isRecovered = (bytes: Buffer, start: number, end: number): boolean =>
  bytes.toString('latin1', start, end).includes('"recovered":true');
