/** Somebody on a socket: asks and waits for answers while a session is set up, and hands on what is said in it. */
import type { ServerFrame } from '../../../events/frames.ts';
import { SUBPROTOCOL } from '../../../events/frames.ts';
import { ackedIndex, kindOf, postedIndex } from './server-frames.ts';
import { LoadSocket, textFrame } from './websocket.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface PeerEars {
  /** The message with that number is acknowledged. */
  acked(index: number): void;
  /** The message with that number has come, as everybody in the session gets it. */
  posted(index: number): void;
  /** Something went wrong that should not. */
  failed(why: string): void;
}

type Answer = Extract<ServerFrame, { readonly id: string | null }>;

export class Peer {
  readonly #ears: PeerEars;
  readonly #waiting = new Map<string, { resolve: (frame: Answer) => void; reject: (why: Error) => void }>();
  #socket: LoadSocket | undefined;
  #isLeaving = false;

  constructor(ears: PeerEars) {
    this.#ears = ears;
  }

  async enter(target: Target, token: string): Promise<void> {
    const address = { ...target, path: '/v1/socket', subprotocol: SUBPROTOCOL, token };
    this.#socket = await LoadSocket.open(address, {
      onFrame: (bytes, start, end) => this.#heard(bytes, start, end),
      onClose: (code, reason) => this.#lost(`the server closed a socket: ${code ?? 'no code'} ${reason}`),
    });
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
      const index = postedIndex(bytes, start, end);
      if (index >= 0) this.#ears.posted(index);
      return;
    }
    const index = kind === 'ack' ? ackedIndex(bytes, start, end) : -1;
    if (index >= 0) this.#ears.acked(index);
    else this.#answered(JSON.parse(bytes.toString('utf8', start, end)) as ServerFrame);
  }

  #answered(frame: ServerFrame): void {
    if (frame.type === 'refused') {
      const refusal = new Error(`refused: ${frame.code} ${frame.reason ?? ''} ${frame.message}`);
      const asked = [`ack ${frame.id}`, `joined ${frame.id}`].find((key) => this.#waiting.has(key));
      if (asked === undefined) this.#ears.failed(refusal.message);
      else this.#waiting.get(asked)?.reject(refusal);
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
