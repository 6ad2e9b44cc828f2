/** Sessions' messages as the views have them, read a few blocks at a time and remembered, as long as the views can be trusted. */
import type { EventLog } from '../events/event-log.ts';
import type { SessionRef } from '../events/names.ts';
import { shardOf } from '../events/shard.ts';
import { BLOCK_SEQS, blockAt, firstSeqOf, lastSeqOf } from './message-block.ts';
import { within } from './message-page.ts';
import type { Projector } from './projector.ts';
import { TranscriptBlocks } from './transcript-blocks.ts';
import type { MessageQuery, TranscriptPage, ViewStore } from './view-store.ts';

export interface TranscriptPorts {
  readonly log: EventLog;
  readonly views: ViewStore;
  readonly projector: Pick<Projector, 'checkpoint' | 'recheck'>;
  readonly report: (trouble: string, detail: Readonly<Record<string, unknown>>) => void;
}

const nothing: TranscriptPage = { checkpoint: 0, row: undefined, messages: [] };

export class Transcripts {
  readonly blocks = new TranscriptBlocks();
  readonly #ports: TranscriptPorts;
  /** Checkpoints of those shards whose views were found to be of this log, as they were then. */
  readonly #proven = new Map<number, number>();
  /** Whoever began to read in another age does not know whether it may still be remembered. */
  #age = 0;

  constructor(ports: TranscriptPorts) {
    this.#ports = ports;
  }

  /** The views are not what they were: they are looked through, and nothing read from them is remembered any more. */
  recheck(): void {
    this.forget();
    this.#ports.projector.recheck();
  }

  forget(): void {
    this.#age += 1;
    this.#proven.clear();
    this.blocks.forget();
  }

  /** What the view has; nothing, when it cannot be asked: then the log alone answers. */
  async view(ref: SessionRef, query: MessageQuery): Promise<TranscriptPage> {
    const { views, projector, report } = this.#ports;
    const shard = this.#shard(ref);
    const left = Math.max(projector.checkpoint(shard), this.#proven.get(shard) ?? 0);
    try {
      const page = await views.transcript(ref, query);
      if (page.checkpoint >= left) return page;
      this.recheck();
    } catch (error) {
      report('a view could not be read; the log answers instead', { ...ref, error });
    }
    return nothing;
  }

  /**
   * The row with at least those messages that a page needs, and one further in the direction asked if the view has one. A page
   * before or after a seq comes in whole blocks, which are remembered.
   */
  async around(ref: SessionRef, query: MessageQuery): Promise<TranscriptPage> {
    const { after, before, limit } = query;
    if (after === undefined && before !== undefined) return this.#back(ref, query, before - 1);
    if (after !== undefined && before === undefined) return this.#forward(ref, query, after + 1);
    return this.view(ref, { ...query, limit: limit + 1 });
  }

  /** Where there is more between the messages than was thought, more is read, twice as much each time. */
  async #back(ref: SessionRef, query: MessageQuery, newest: number): Promise<TranscriptPage> {
    let upTo = lastSeqOf(blockAt(Math.max(1, newest)));
    let from = firstSeqOf(blockAt(Math.max(1, newest - query.limit)));
    let page = await this.#load(ref, from, upTo);
    for (let seqs = 2 * BLOCK_SEQS; !isEnough(page, query) && from > 1; seqs *= 2) {
      upTo = Math.min(from - 1, page.row?.seq ?? 0);
      from = firstSeqOf(blockAt(Math.max(1, upTo - seqs)));
      const { row, messages } = await this.#load(ref, from, upTo);
      if (row === undefined) return nothing;
      // The row stays that of the first look: what is newer than it was not looked at.
      page = { ...page, messages: [...messages, ...page.messages] };
    }
    return page;
  }

  async #forward(ref: SessionRef, query: MessageQuery, oldest: number): Promise<TranscriptPage> {
    let from = firstSeqOf(blockAt(oldest));
    let upTo = lastSeqOf(blockAt(oldest + query.limit));
    let page = await this.#load(ref, from, upTo);
    for (let seqs = 2 * BLOCK_SEQS; !isEnough(page, query) && upTo < (page.row?.seq ?? 0); seqs *= 2) {
      from = upTo + 1;
      upTo = lastSeqOf(blockAt(from + seqs));
      const next = await this.#load(ref, from, upTo);
      if (next.row === undefined) return nothing;
      page = { ...next, messages: [...page.messages, ...next.messages] };
    }
    return page;
  }

  /** All messages between two seqs, both included. */
  async #load(ref: SessionRef, from: number, upTo: number): Promise<TranscriptPage> {
    const age = this.#age;
    const page = await this.view(ref, { after: from - 1, before: upTo + 1, limit: upTo - from + 1 });
    const { row, messages, checkpoint } = page;
    if (row === undefined || !(await this.#isOfThisLog(ref, checkpoint)) || age !== this.#age) return page;
    this.blocks.keep(ref, { visitor: row.visitor.id, from, upTo: Math.min(upTo, row.seq), messages });
    return page;
  }

  /** A view ahead of the log belongs to another history. Asked once a shard, until there is doubt again. */
  async #isOfThisLog(ref: SessionRef, checkpoint: number): Promise<boolean> {
    const shard = this.#shard(ref);
    if (this.#proven.has(shard)) return true;
    const age = this.#age;
    const head = await this.#ports.log.head().catch(() => 0);
    const isProven = checkpoint <= head;
    if (isProven && age === this.#age) this.#proven.set(shard, checkpoint);
    return isProven;
  }

  #shard({ session }: SessionRef): number {
    return shardOf(session, this.#ports.log.shards);
  }
}

/** With one message more than a page holds, what comes behind cannot change it. */
const isEnough = ({ row, messages }: TranscriptPage, query: MessageQuery): boolean =>
  row === undefined || within(messages, query).length > query.limit;
