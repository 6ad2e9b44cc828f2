import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMIT_VERSION, type Commit } from '../commit.ts';
import { encodeCommit } from './commit.ts';
import { Said } from './said.ts';
import { bytesOf } from './utf8.ts';

const words = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('退款"\\\n', '\ud83d', 'é\u0000\u2028'));
const said = fc
  .tuple(words, fc.record({ role: fc.constantFrom('visitor' as const, 'agent' as const), id: words }), words, words)
  .map((parts) => new Said(...parts));

test('what is said is put into JSON as anything else is', () => {
  fc.assert(
    fc.property(said, (fact) => {
      const { messageId, author, text } = fact;
      expect(`{${bytesOf(fact.keys).toString()}}`).toBe(JSON.stringify({ messageId, author, text }));
    }),
  );
});

test('a commit with what is said holds the same as one without its class', () => {
  fc.assert(
    fc.property(said, words, words, (fact, session, id) => {
      const commit: Commit = { v: COMMIT_VERSION, session, seq: 7, commit: id, at: 9, events: [fact, { ...fact }] };
      expect(JSON.parse(encodeCommit(commit).toString())).toEqual(JSON.parse(JSON.stringify(commit)));
    }),
  );
});
