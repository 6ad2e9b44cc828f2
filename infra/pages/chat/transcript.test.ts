import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionFact } from '../../client/index.ts';
import { Transcript } from './transcript.ts';

const agent = { role: 'agent', id: 'alice' } as const;
const visitor = { role: 'visitor', id: 'v' } as const;
const message = (seq: number): SessionFact => ({
  type: 'MessagePosted',
  messageId: `m${seq}`,
  author: seq % 2 === 0 ? agent : visitor,
  text: `text ${seq}`,
});
const event = (seq: number, fact: SessionFact) => ({ session: 's', seq, at: seq, event: fact });
const history = (seq: number) => ({
  seq,
  messageId: `m${seq}`,
  author: seq % 2 === 0 ? agent : visitor,
  text: `text ${seq}`,
  at: seq,
});

test('in whatever order events and pages come, each line stands once and in order', () => {
  const seqs = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean()));
  fc.assert(
    fc.property(seqs, (steps) => {
      const transcript = new Transcript();
      for (const [seq, isHistory] of steps) {
        if (isHistory) transcript.takeHistory([history(seq)]);
        else transcript.take(event(seq, message(seq)));
      }
      expect(transcript.lines.map(({ seq }) => seq)).toEqual(
        [...new Set(steps.map(([seq]) => seq))].sort((a, b) => a - b),
      );
    }),
  );
});

test('what a visitor may not see leaves no line, and receipts are remembered', () => {
  const transcript = new Transcript();
  transcript.take(event(1, message(1)));
  transcript.take(event(2, { type: 'Hidden' }));
  transcript.take(event(3, { type: 'MessagesRead', upTo: 1, by: agent }));
  transcript.take(event(4, { type: 'MessagesRead', upTo: 3, by: visitor }));
  transcript.take(event(5, { type: 'NoteAdded', text: 'hm', by: agent }));
  transcript.take(event(6, { type: 'SessionClosed', by: agent }));
  expect(transcript.lines.map(({ kind }) => kind)).toEqual(['message', 'note', 'happening']);
  expect([transcript.readByStaff, transcript.readByVisitor]).toEqual([1, 3]);
  expect([transcript.newestNotBy('agent'), transcript.newestNotBy('visitor')]).toEqual([1, 0]);
});
