/** A WebSocket that checks, frame by frame, what the contract promises each socket: every event in order, once, no gap. */
import { type RawData, WebSocket } from 'ws';
import type { SocketConstructor } from '../../infra/client/index.ts';

export interface SeenFact {
  readonly type: string;
  readonly messageId?: string;
  readonly text?: string;
  readonly author?: { readonly id: string };
  readonly by?: { readonly id: string };
}

/** What tells one fact from another, whoever reads it. */
export const digestOf = ({ type, messageId = '', text = '', author, by }: SeenFact): string =>
  [type, messageId, text, (author ?? by)?.id ?? ''].join(' ');

export type Flaw = 'duplicated' | 'gap' | 'changed';

export interface WireFlaw {
  readonly flaw: Flaw;
  readonly where: string;
}

interface Joined {
  readonly type: 'joined';
  readonly session: string;
  readonly from: number;
}

interface Event {
  readonly type: 'event';
  readonly session: string;
  readonly seq: number;
  readonly event: SeenFact;
}

/** The contract promises `type` as the first key. */
const OF_INTEREST = /^\{"type":"(?:event|joined)"/;

export class Wire {
  /** By session and seq, over all sockets of this client. */
  readonly seen = new Map<string, Map<number, string>>();
  readonly flaws: WireFlaw[] = [];
  readonly name: string;
  sockets = 0;
  /** For the client to open its sockets with. */
  readonly Socket: SocketConstructor;

  constructor(name: string) {
    this.name = name;
    const received = (next: Map<string, number>, data: RawData): void =>
      this.#received(next, (data as Buffer).toString());
    const opened = (): void => {
      this.sockets += 1;
    };
    this.Socket = class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { perMessageDeflate: false, handshakeTimeout: HANDSHAKE_MS });
        const next = new Map<string, number>();
        this.on('open', opened);
        this.on('message', (data) => received(next, data));
      }
    };
  }

  #received(next: Map<string, number>, text: string): void {
    if (!OF_INTEREST.test(text)) return;
    const frame = JSON.parse(text) as Joined | Event;
    if (frame.type === 'joined') {
      next.set(frame.session, frame.from);
      return;
    }
    const { session, seq, event } = frame;
    const wanted = next.get(session) ?? 1;
    if (seq < wanted) this.#flaw('duplicated', session, `seq ${seq} where ${wanted} was due`);
    if (seq > wanted) this.#flaw('gap', session, `seq ${seq} where ${wanted} was due`);
    next.set(session, seq + 1);
    const seen = this.seen.get(session) ?? new Map<number, string>();
    this.seen.set(session, seen);
    const digest = digestOf(event);
    const before = seen.get(seq);
    if (before !== undefined && before !== digest)
      this.#flaw('changed', session, `seq ${seq} was "${before}" and then "${digest}"`);
    seen.set(seq, digest);
  }

  #flaw(flaw: Flaw, session: string, what: string): void {
    this.flaws.push({ flaw, where: `${this.name} on ${session}: ${what}` });
  }
}

/** A process that is paused takes connections and says nothing. */
const HANDSHAKE_MS = 3_000;
