/** Blocks give the page that the whole history would give, or say that they cannot. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Stored } from '../events/commit.ts';
import { bytesOf } from '../events/encoding/utf8.ts';
import type { HistoryMessage } from '../events/frames.ts';
import { encodeMessage } from './encoded-message.ts';
import { BLOCK_SEQS, firstSeqOf, lastSeqOf } from './message-block.ts';
import { encodePage, pageOf } from './message-page.ts';
import { messagesOf } from './session-row.ts';
import { TranscriptBlocks } from './transcript-blocks.ts';
import type { MessageQuery } from './view-store.ts';

const ref = { tenant: 't', session: 's' };
const visitor = 'li';
const SEQS_MAX = 5 * BLOCK_SEQS;

/** A session's commits, told by which of their facts are messages. */
const commits = fc
  .array(fc.array(fc.boolean(), { minLength: 1, maxLength: 2 * BLOCK_SEQS }), { minLength: 1, maxLength: 40 })
  .map((shapes) => {
    const all: Stored[] = [];
    let seq = 1;
    for (const shape of shapes) {
      if (seq + shape.length > SEQS_MAX) break;
      all.push(storedOf(seq, shape));
      seq += shape.length;
    }
    return all.length === 0 ? [storedOf(1, [true])] : all;
  });

const by = { role: 'visitor', id: visitor } as const;

const storedOf = (seq: number, isMessage: readonly boolean[]): Stored => {
  const [first, ...rest] = isMessage.map((is, index) =>
    is
      ? ({ type: 'MessagePosted', messageId: `${seq + index}`, author: by, text: '好的 ok', clientId: 'c' } as const)
      : ({ type: 'MessagesRead', upTo: 1, by, clientId: 'c' } as const),
  );
  if (first === undefined) throw new Error('a commit has a fact');
  return {
    tenant: 't',
    position: seq,
    commit: { v: 1, session: 's', seq, commit: `c${seq}`, at: seq, events: [first, ...rest] },
  };
};

const queries: fc.Arbitrary<MessageQuery> = fc.oneof(
  fc.record({ before: fc.integer({ min: 1, max: SEQS_MAX + 2 }), limit: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ after: fc.integer({ min: 0, max: SEQS_MAX + 2 }), limit: fc.integer({ min: 1, max: 200 }) }),
);
/** Ranges of blocks, as they are read from a view that has come up to some part of the history. */
const looks = fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 8 });

const headOf = (all: readonly Stored[]): number =>
  all.reduce((head, { commit }) => Math.max(head, commit.seq + commit.events.length - 1), 0);
const textOf = (messages: readonly HistoryMessage[], query: MessageQuery): string =>
  bytesOf(encodePage(pageOf({ visitor, seq: 0 }, messages.map(encodeMessage), query))).toString();

const look = (blocks: TranscriptBlocks, all: readonly Stored[], first: number, count: number, known: number): void => {
  const from = firstSeqOf(first);
  const upTo = Math.min(lastSeqOf(first + count), known);
  const messages = all
    .flatMap(({ commit }) => messagesOf(commit))
    .filter(({ seq }) => seq >= from && seq <= upTo)
    .map(encodeMessage);
  if (upTo >= from) blocks.keep(ref, { visitor, from, upTo, messages });
};

test('whatever was looked at, forgotten and gone on with, a page is that of the whole history or none', () => {
  let pages = 0;
  fc.assert(
    fc.property(
      commits,
      looks,
      queries,
      fc.boolean(),
      fc.integer({ min: 1, max: 40 }),
      (all, seen, query, goesOn, kib) => {
        const blocks = new TranscriptBlocks(kib * 1024);
        const head = headOf(all);
        for (const [first, count, part] of seen) look(blocks, all, first, count, Math.ceil(head * part));
        if (goesOn) blocks.goOn(ref, all.slice(-8));
        expect(blocks.bytes).toBeLessThanOrEqual(kib * 1024);
        const page = blocks.page(ref, query, head);
        if (page !== undefined) pages += 1;
        const whole = textOf(
          all.flatMap(({ commit }) => messagesOf(commit)),
          query,
        );
        // What is told without the session's end does not depend on it.
        const unended = blocks.page(ref, query, undefined);
        for (const each of [page, unended])
          expect(each === undefined ? whole : bytesOf(encodePage(each)).toString()).toBe(whole);
      },
    ),
    { numRuns: 2_000 },
  );
  expect(pages).toBeGreaterThan(100);
});

test('with all of a history looked at, every page is there', () => {
  fc.assert(
    fc.property(commits, queries, (all, query) => {
      const blocks = new TranscriptBlocks();
      const head = headOf(all);
      look(blocks, all, 0, 4, head);
      fc.pre((query.before ?? 1) <= head + 1 && (query.after ?? 0) < head);
      expect(blocks.page(ref, query, head)).toBeDefined();
    }),
  );
});

test('facts that nothing is known of yet are not taken for none', () => {
  const all = [storedOf(1, [false, true, true]), storedOf(4, [true])];
  const blocks = new TranscriptBlocks();
  look(blocks, all, 0, 0, 3);
  expect(blocks.page(ref, { before: 4, limit: 9 }, undefined)).toBeDefined();
  expect(blocks.page(ref, { before: 5, limit: 9 }, undefined)).toBeUndefined();
  expect(blocks.page(ref, { after: 1, limit: 9 }, 4)).toBeUndefined();
  // Without the session's end nobody knows whether the page is at its own.
  expect(blocks.page(ref, { after: 1, limit: 2 }, undefined)).toBeUndefined();
  blocks.goOn(ref, all);
  expect(blocks.page(ref, { after: 1, limit: 9 }, 4)).toMatchObject({ seq: 4, next: null });
});

test('what is used stays, what is not is forgotten first', () => {
  const all = [
    storedOf(
      1,
      Array.from({ length: SEQS_MAX }, () => true),
    ),
  ];
  const one = new TranscriptBlocks();
  look(one, all, 0, 0, SEQS_MAX);
  const bytesMax = 3.5 * one.bytes;
  const firstPage = { before: BLOCK_SEQS + 1, limit: BLOCK_SEQS };
  for (const isUsed of [true, false]) {
    const blocks = new TranscriptBlocks(bytesMax);
    for (let number = 0; number < 5; number++) {
      look(blocks, all, number, 0, SEQS_MAX);
      if (isUsed) blocks.page(ref, firstPage, undefined);
    }
    expect(blocks.page(ref, firstPage, undefined) !== undefined).toBe(isUsed);
    expect(blocks.bytes).toBeLessThanOrEqual(bytesMax);
  }
});

test('the same name with another visitor is of another history', () => {
  const all = [storedOf(1, [true, true])];
  const blocks = new TranscriptBlocks();
  look(blocks, all, 0, 0, 2);
  blocks.keep({ ...ref, session: 'other' }, { visitor: 'wang', from: 1, upTo: 1, messages: [] });
  blocks.keep(ref, { visitor: 'wang', from: 1, upTo: 1, messages: [] });
  expect(blocks.page(ref, { before: 2, limit: 9 }, undefined)).toMatchObject({ visitor: 'wang', messages: '' });
  expect(blocks.seqOf({ ...ref, session: 'other' })).toBe(0);
});
