/** One side of one session: says things without end, and keeps a record of all that became of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ack, KefuRefusal, type SessionEvent, type SessionHandle } from '../../infra/client/index.ts';
import type { Chance } from '../demo/chance.ts';
import type { Wire } from './wire.ts';

/** What was said, and what its author was told of it. The text is like no other, so that it can be found in the log. */
export interface Said {
  readonly text: string;
  readonly isNote: boolean;
  /** `unknown` where the author gave up waiting. */
  outcome: 'waiting' | 'acked' | 'refused' | 'unknown';
  ack: Ack | undefined;
  /** Where it was refused. */
  why: string;
}

/** Commands of one side that may wait for their answers. */
const UNANSWERED_MAX = 4;
/** One in so many of an agent's commands is a note, which visitors see as `Hidden`. */
const NOTE_EVERY = 8;

export class Party {
  readonly name: string;
  readonly isStaff: boolean;
  readonly wire: Wire;
  readonly said: Said[] = [];
  /** What the client gave to the application, in the order it came. */
  readonly seqs: number[] = [];
  readonly #seenTexts = new Set<string>();
  #handle: SessionHandle | undefined;
  #waiting = 0;
  /** Highest seq of a message that is known to be stored. */
  ackedMessageSeq = 0;

  constructor(name: string, isStaff: boolean, wire: Wire) {
    this.name = name;
    this.isStaff = isStaff;
    this.wire = wire;
  }

  get session(): string {
    return this.handle.session;
  }

  get handle(): SessionHandle {
    if (this.#handle === undefined) throw new Error(`${this.name} has joined nothing yet`);
    return this.#handle;
  }

  joined(handle: SessionHandle): void {
    this.#handle = handle;
  }

  readonly onEvent = ({ seq, event }: SessionEvent): void => {
    this.seqs.push(seq);
    if ('text' in event) this.#seenTexts.add(event.text);
  };

  saw(text: string): boolean {
    return this.#seenTexts.has(text);
  }

  /** Says something now. Never rejects. */
  async say(isNote = false, what = ''): Promise<Said> {
    const text = `${this.name} ${this.said.length + 1}${what}`;
    const said: Said = { text, isNote, outcome: 'waiting', ack: undefined, why: '' };
    this.said.push(said);
    this.#waiting += 1;
    try {
      said.ack = await (isNote ? this.handle.do({ type: 'AddNote', text }) : this.handle.say(text));
      said.outcome = 'acked';
      if (!isNote) this.ackedMessageSeq = Math.max(this.ackedMessageSeq, said.ack.seq);
    } catch (error) {
      const isRefused = error instanceof KefuRefusal && error.code !== 'unavailable';
      said.outcome = isRefused ? 'refused' : 'unknown';
      said.why = String(error);
    }
    this.#waiting -= 1;
    return said;
  }

  async talk(signal: AbortSignal, chance: Chance, thinkMs: number): Promise<void> {
    while (!signal.aborted) {
      await sleep(2 * thinkMs * chance(), undefined, { signal }).catch(() => undefined);
      if (!signal.aborted && this.#waiting < UNANSWERED_MAX) void this.say(this.isStaff && chance() < 1 / NOTE_EVERY);
    }
  }

  get waiting(): number {
    return this.#waiting;
  }
}
