/** People who page through histories that were filled in before: any page of twenty of any of these sessions. */
import { type Chance, seeded } from '../../demo/chance.ts';
import type { Askers } from './drive.ts';
import { firstMessageSeq } from './filled-session.ts';
import { type Gate, tokenFor } from './gate.ts';
import { LoadHttp } from './http.ts';
import { Ledger, type Stage } from './ledger.ts';
import { Peer } from './peer.ts';
import { sentence } from './sentences.ts';
import { newestMark } from './server-frames.ts';
import { textFrame } from './websocket.ts';

export interface ReadersOrder extends Gate {
  readonly how: 'http' | 'socket';
  readonly connections: number;
  readonly sessions: readonly string[];
  /** Messages in each of these sessions. */
  readonly messages: number;
}

/** One connection: sends a request for a page, and hands on what answers it. */
interface Line {
  ask(index: number, session: string, before: number): boolean;
  flush(): void;
  close(): void;
}

interface Page {
  readonly messages: readonly { readonly seq: number; readonly text: string }[];
}

const STAGES: readonly Stage[] = ['acked'];
const PAGE = 20;
/** Every page's newest message is looked at; one page in so many is compared as a whole. */
const COMPARE_EVERY = 50;

export class Readers implements Askers {
  readonly failures: string[] = [];
  ledger = new Ledger(0, STAGES);
  readonly #order: ReadersOrder;
  readonly #chance: Chance = seeded(1);
  readonly #lines: Line[] = [];
  /** `before` of each request of the present ledger. */
  #befores: number[] = [];

  constructor(order: ReadersOrder) {
    this.#order = order;
  }

  async enter(): Promise<void> {
    const { how, connections } = this.#order;
    for (let index = 0; index < connections; index++)
      this.#lines.push(await (how === 'http' ? this.#overHttp() : this.#overSocket(index)));
  }

  ask(asker: number, meantMs: number, nowMs: number): boolean {
    const { sessions, messages } = this.#order;
    const index = this.ledger.ask(asker, meantMs, nowMs);
    const session = sessions[Math.floor(this.#chance() * sessions.length)] ?? '';
    // Anywhere in the history, but with a whole page before it where there is one.
    const shortest = Math.min(PAGE, messages);
    const before = firstMessageSeq + shortest + Math.floor(this.#chance() * (messages - shortest + 1));
    this.#befores.push(before);
    return this.#lines[asker]?.ask(index, session, before) ?? false;
  }

  flush(asker: number): void {
    this.#lines[asker]?.flush();
  }

  turnPage(): void {
    this.#befores = [];
    this.ledger = new Ledger(this.ledger.first + this.ledger.asked, STAGES);
  }

  leave(): void {
    for (const line of this.#lines) line.close();
  }

  readonly #page = (index: number, bytes: Buffer, start: number, end: number): void => {
    this.ledger.mark('acked', index, performance.now());
    const before = this.#befores[index - this.ledger.first] ?? 0;
    const isWhole = index % COMPARE_EVERY !== 0 || isPage(bytes.toString('utf8', start, end), before);
    if (newestMark(bytes, start, end) !== before - 1 || !isWhole)
      this.#fail(`a page before ${before} is not what it is`);
  };

  #fail(why: string): void {
    if (this.failures.length < 20) this.failures.push(why);
  }

  async #overHttp(): Promise<Line> {
    const { host, port } = this.#order;
    const token = tokenFor(this.#order, 'agent', 'reader');
    const tail = ` HTTP/1.1\r\nhost: ${host}:${port}\r\nauthorization: Bearer ${token}\r\n\r\n`;
    const asked: number[] = [];
    let unsent = '';
    const http = await LoadHttp.open(host, port, {
      onAnswer: (status, bytes, start, end) => {
        const index = asked.shift() ?? -1;
        if (status === 200) this.#page(index, bytes, start, end);
        else this.#fail(`history was answered with ${status}`);
      },
      onClose: (why) => this.#fail(why),
    });
    return {
      ask: (index, session, before) => {
        asked.push(index);
        const isFirst = unsent === '';
        unsent += `GET /v1/sessions/${session}/messages?before=${before}&limit=${PAGE}${tail}`;
        return isFirst;
      },
      flush: () => {
        http.send(unsent);
        unsent = '';
      },
      close: () => http.destroy(),
    };
  }

  async #overSocket(index: number): Promise<Line> {
    const peer = new Peer({ page: this.#page, failed: (why) => this.#fail(why) });
    await peer.enter(this.#order, tokenFor(this.#order, 'agent', `reader-${index}`));
    return {
      ask: (id, session, before) =>
        peer.socket.queue(
          textFrame(`{"type":"history","id":"${id}","session":"${session}","before":${before},"limit":${PAGE}}`),
        ),
      flush: () => peer.socket.flush(),
      close: () => peer.leave(),
    };
  }
}

/** Whether it is the whole page that was filled in there. */
const isPage = (json: string, before: number): boolean => {
  const { messages } = JSON.parse(json) as Page;
  const first = Math.max(firstMessageSeq, before - PAGE);
  return (
    messages.length === before - first &&
    messages.every(({ seq, text }, at) => seq === first + at && text === sentence(seq))
  );
};
