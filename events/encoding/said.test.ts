import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMIT_VERSION, type Commit } from '../commit.ts';
import type { Fact } from '../facts.ts';
import { encodeCommit } from './commit.ts';
import { Said } from './said.ts';
import { bytesOf } from './utf8.ts';

const words = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('退款"\\\n', '\ud83d', 'é\u0000\u2028'));
const author = fc.record({ role: fc.constantFrom('visitor' as const, 'agent' as const), id: words });
const parts = fc.tuple(words, author, words, words);

test('what is said is put into JSON as anything else is', () => {
  fc.assert(
    fc.property(parts, ([messageId, by, text, clientId]) => {
      const { keys } = new Said(messageId, by, text, clientId);
      expect(`{${bytesOf(keys).toString()}}`).toBe(JSON.stringify({ messageId, author: by, text }));
    }),
  );
});

test('a commit with what is said holds the same as one without its class', () => {
  fc.assert(
    fc.property(parts, words, words, ([messageId, by, text, clientId], session, id) => {
      const plain: Fact = { type: 'MessagePosted', messageId, author: by, text, clientId };
      const commitOf = (said: Fact): Commit => ({
        v: COMMIT_VERSION,
        session,
        seq: 7,
        commit: id,
        at: 9,
        events: [said, plain],
      });
      const encoded = encodeCommit(commitOf(new Said(messageId, by, text, clientId))).toString();
      expect(JSON.parse(encoded)).toEqual(JSON.parse(JSON.stringify(commitOf(plain))));
    }),
  );
});
