import { describe, expect, test } from 'vitest';
import type { ServerFrame } from '../../../events/frames.ts';
import { sentence } from './sentences.ts';
import { kindOf, newestMark, numberedId, postedIndex } from './server-frames.ts';

const author = { role: 'visitor', id: 'v' };

/** The frame somewhere in a buffer that others have written to. */
const inBuffer = (frame: unknown): readonly [Buffer, number, number] => {
  const [before, text] = ['…"id":"99#98"}}', JSON.stringify(frame)];
  const start = Buffer.byteLength(before);
  return [Buffer.from(`${before}${text}7"}}`), start, start + Buffer.byteLength(text)];
};

const posted = (text: string): ServerFrame => ({
  type: 'event',
  session: 's',
  seq: 4,
  at: 1,
  event: { type: 'MessagePosted', messageId: 'm', author, text },
});

describe('frames of the server', () => {
  test.each([
    [{ type: 'ack', id: '120', session: 's', seq: 1, at: 1 }, 'ack', 120],
    [{ type: 'ack', id: 'open-5', session: 's', seq: 1, at: 1 }, 'ack', -1],
    [{ type: 'ack', session: 's', seq: 1, at: 1, id: '7' }, 'ack', 7],
    [{ type: 'joined', id: '0', session: 's' }, 'joined', 0],
    [{ type: 'history', id: '31', messages: [] }, 'history', 31],
    [{ type: 'joined', id: '12x' }, 'joined', -1],
  ] as const)('%j is a numbered answer', (frame, kind, index) => {
    const [bytes, start, end] = inBuffer(frame);
    expect(kindOf(bytes, start)).toBe(kind);
    expect(numberedId(kind, bytes, start, end)).toBe(index);
  });

  test.each(['refused', 'typing', 'pong'])('%s is none', (type) => {
    expect(kindOf(...(inBuffer({ type }).slice(0, 2) as [Buffer, number]))).toBe('other');
  });

  test('a message is known by the end of its text, wherever the text stands', () => {
    expect(postedIndex(...inBuffer(posted(sentence(4711))))).toBe(4711);
    const { event, ...rest } = posted('') as Extract<ServerFrame, { type: 'event' }>;
    expect(postedIndex(...inBuffer({ ...rest, event: { ...event, text: sentence(12), author } }))).toBe(12);
    expect(postedIndex(...inBuffer({ type: 'event', event: { text: sentence(13), messageId: 'm3' }, seq: 33 }))).toBe(
      13,
    );
    expect(postedIndex(...inBuffer({ type: 'event', event: { type: 'SessionAssigned', agent: 'agent-5' } }))).toBe(-1);
    expect(postedIndex(...inBuffer({ type: 'event', event: { text: 'no mark 5' } }))).toBe(-1);
  });

  test('a page is known by its newest message', () => {
    const page = (seqs: readonly number[]): unknown => ({
      type: 'history',
      messages: seqs.map((seq) => ({ seq, text: sentence(seq), at: 1 })),
      next: 17,
    });
    expect(newestMark(...inBuffer(page([4, 5, 6])))).toBe(6);
    expect(newestMark(...inBuffer(page([])))).toBe(-1);
  });
});

test('sentences have 60 to 150 bytes and are told apart', () => {
  const numbers = Array.from({ length: 2_000 }, (_, index) => index * 499);
  const lengths = numbers.map((index) => Buffer.byteLength(sentence(index)));
  expect(Math.min(...lengths)).toBeGreaterThanOrEqual(60);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(150);
  expect(new Set(numbers.map(sentence)).size).toBe(numbers.length);
});
