/**
 * What this process remembers of sessions' messages, in blocks, so that a page of the past costs neither a look at the views
 * nor a character to be encoded. It knows nothing that was not stored; what is newest, it is told.
 */
import { lastSeq, type Stored } from '../events/commit.ts';
import { commaed, utf8 } from '../events/encoding/utf8.ts';
import type { SessionRef } from '../events/names.ts';
import { type EncodedMessage, encodeMessage } from './encoded-message.ts';
import { blockAt, firstSeqOf, lastSeqOf, MessageBlock } from './message-block.ts';
import type { MessagePage } from './message-page.ts';
import { messagesOf } from './session-row.ts';
import type { MessageQuery } from './view-store.ts';

/** What the blocks may take in memory, in bytes: some 300,000 messages of usual length. */
const TRANSCRIPT_BYTES_MAX = 64 * 1024 * 1024;

interface Transcript {
  readonly key: string;
  readonly visitor: string;
  /** The greatest seq that any block of it has known. */
  seq: number;
  readonly blocks: Map<number, Place>;
}

/** A block where it is kept. */
interface Place {
  readonly transcript: Transcript;
  readonly number: number;
  block: MessageBlock;
  /** Since it was last looked at as a candidate for being forgotten. */
  isUsed: boolean;
}

/** Messages that were read: all of the session's from one seq to another. */
export interface Span {
  readonly visitor: string;
  readonly from: number;
  readonly upTo: number;
  readonly messages: readonly EncodedMessage[];
}

export class TranscriptBlocks {
  readonly #bytesMax: number;
  readonly #transcripts = new Map<string, Transcript>();
  /** As they will be looked at: one that was used meanwhile goes to the end, the first that was not is forgotten. */
  readonly #queue = new Set<Place>();
  #bytes = 0;

  constructor(bytesMax = TRANSCRIPT_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** What the blocks take in memory, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The greatest seq known of a session, 0 where nothing is. */
  seqOf(ref: SessionRef): number {
    return this.#transcripts.get(keyOf(ref))?.seq ?? 0;
  }

  /**
   * The page before or after a seq, `undefined` where the blocks do not have all of it. `head` is the session's newest seq,
   * if that is known: where nothing can follow, a page forward may end.
   */
  page(ref: SessionRef, query: MessageQuery, head: number | undefined): MessagePage | undefined {
    const transcript = this.#transcripts.get(keyOf(ref));
    if (transcript === undefined) return undefined;
    const { before, after, limit } = query;
    if (before !== undefined && after === undefined) return pageBefore(transcript, before, limit);
    if (after !== undefined && before === undefined) return pageAfter(transcript, after, limit, head);
    return undefined;
  }

  /** Remembers the whole blocks of what was read, and of the session's last block what there is. */
  keep(ref: SessionRef, { visitor, from, upTo, messages }: Span): void {
    const transcript = this.#transcript(ref, visitor);
    let at = 0;
    for (let number = blockAt(from); firstSeqOf(number) <= upTo; number++) {
      const last = Math.min(lastSeqOf(number), upTo);
      const first = at;
      while ((messages[at]?.seq ?? Number.POSITIVE_INFINITY) <= last) at++;
      const known = transcript.blocks.get(number);
      if (firstSeqOf(number) >= from && (known?.block.upTo ?? 0) < last)
        this.#put(transcript, number, new MessageBlock(last, messages.slice(first, at)));
    }
    this.#shrink();
    if (transcript.blocks.size === 0) this.#transcripts.delete(transcript.key);
  }

  /** Goes on with the session's newest commits, where what is known reaches up to them. */
  goOn(ref: SessionRef, commits: readonly Stored[]): void {
    const transcript = this.#transcripts.get(keyOf(ref));
    if (transcript === undefined) return;
    for (const { commit } of commits) {
      const upTo = lastSeq(commit);
      if (upTo <= transcript.seq) continue;
      const messages = messagesOf(commit);
      for (let number = blockAt(commit.seq); firstSeqOf(number) <= upTo; number++) {
        const last = Math.min(lastSeqOf(number), upTo);
        const known = transcript.blocks.get(number)?.block;
        const knownUpTo = known?.upTo ?? firstSeqOf(number) - 1;
        if (knownUpTo >= last || knownUpTo + 1 < commit.seq) continue;
        const added = messages.filter(({ seq }) => seq > knownUpTo && seq <= last).map(encodeMessage);
        this.#put(transcript, number, new MessageBlock(last, added, known));
      }
    }
    this.#shrink();
  }

  /** For whoever can no longer vouch for what was read. */
  forget(): void {
    this.#transcripts.clear();
    this.#queue.clear();
    this.#bytes = 0;
  }

  #transcript(ref: SessionRef, visitor: string): Transcript {
    const key = keyOf(ref);
    const known = this.#transcripts.get(key);
    if (known?.visitor === visitor) return known;
    // The same name in another history: nothing that was remembered is of this one.
    if (known !== undefined) this.forget();
    const fresh: Transcript = { key, visitor, seq: 0, blocks: new Map() };
    this.#transcripts.set(key, fresh);
    return fresh;
  }

  #put(transcript: Transcript, number: number, block: MessageBlock): void {
    const place = transcript.blocks.get(number);
    this.#bytes += block.cost - (place?.block.cost ?? 0);
    transcript.seq = Math.max(transcript.seq, block.upTo);
    if (place !== undefined) {
      place.block = block;
      return;
    }
    const added: Place = { transcript, number, block, isUsed: false };
    transcript.blocks.set(number, added);
    this.#queue.add(added);
  }

  #shrink(): void {
    for (const place of this.#queue) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#queue.delete(place);
      if (place.isUsed) {
        place.isUsed = false;
        this.#queue.add(place);
        continue;
      }
      const { blocks, key } = place.transcript;
      blocks.delete(place.number);
      if (blocks.size === 0) this.#transcripts.delete(key);
      this.#bytes -= place.block.cost;
    }
  }
}

const nothing = utf8('');

const keyOf = ({ tenant, session }: SessionRef): string => `${tenant}/${session}`;

/** From the newest block back, and one message further, which tells that there is more. */
const pageBefore = ({ visitor, blocks }: Transcript, before: number, limit: number): MessagePage | undefined => {
  let messages = nothing;
  let wanted = limit;
  let oldest = 0;
  for (let number = blockAt(before - 1); number >= 0; number--) {
    const block = used(blocks.get(number));
    if (block === undefined || block.upTo < Math.min(before - 1, lastSeqOf(number))) return undefined;
    const past = block.countBelow(before);
    const first = Math.max(0, past - wanted);
    if (first < past) {
      messages = commaed(block.slice(first, past), messages);
      oldest = block.seqAt(first);
      wanted -= past - first;
    }
    if (first > 0) return { visitor, seq: before - 1, messages, next: oldest };
  }
  return { visitor, seq: before - 1, messages, next: null };
};

const pageAfter = (
  { visitor, blocks }: Transcript,
  after: number,
  limit: number,
  head = Number.POSITIVE_INFINITY,
): MessagePage | undefined => {
  let messages = nothing;
  let wanted = limit;
  let newest = 0;
  for (let number = blockAt(after + 1); ; number++) {
    const block = used(blocks.get(number));
    if (block === undefined) return undefined;
    const first = block.countBelow(after + 1);
    const past = Math.min(block.count, first + wanted);
    if (first < past) {
      messages = commaed(messages, block.slice(first, past));
      newest = block.seqAt(past - 1);
      wanted -= past - first;
    }
    const { upTo } = block;
    if (past < block.count) return { visitor, seq: upTo, messages, next: newest };
    if (upTo >= head) return { visitor, seq: upTo, messages, next: null };
    if (upTo < lastSeqOf(number)) return undefined;
  }
};

const used = (place: Place | undefined): MessageBlock | undefined => {
  if (place !== undefined) place.isUsed = true;
  return place?.block;
};
