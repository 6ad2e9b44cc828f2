import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryMessage } from '../events/frames.ts';
import { eachLine, linesOf, MessageLines } from './message-lines.ts';

const message: fc.Arbitrary<HistoryMessage> = fc.record({
  seq: fc.integer({ min: 1, max: 1_000_000 }),
  messageId: fc.string(),
  author: fc.record({
    role: fc.constantFrom('visitor' as const, 'agent' as const),
    id: fc.string({ unit: 'grapheme' }),
  }),
  // Line ends of every kind, and more than the bytes that there are at first.
  text: fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constant('a\nb\r\n\u2028"\\'),
    fc.constant('客服😀'.repeat(1_500)),
  ),
  at: fc.nat(),
});

test('what is read line by line is what was added', () => {
  fc.assert(
    fc.property(fc.array(message), (messages) => {
      const lines = [...eachLine(linesOf(messages))];
      expect(lines.map(({ json }) => JSON.parse(json) as unknown)).toEqual(messages);
      expect(lines.map(({ seq }) => seq)).toEqual(messages.map(({ seq }) => seq));
    }),
  );
});

test('the bytes are the lines, each with its end', () => {
  expect(new MessageLines().bytes.toString()).toBe('');
  const author = { role: 'visitor', id: 'li' } as const;
  const lines = linesOf([1, 2].map((seq) => ({ at: 9, text: 'a\nb', author, messageId: `m${seq}`, seq })));
  expect(lines.bytes.toString()).toBe(
    [1, 2]
      .map(
        (seq) => `{"seq":${seq},"messageId":"m${seq}","author":{"role":"visitor","id":"li"},"text":"a\\nb","at":9}\n`,
      )
      .join(''),
  );
});
