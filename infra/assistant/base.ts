/** The knowledge base that every tenant starts from. */
import { createHash } from 'node:crypto';
import { EntryIndex } from '../../actors/assistant/knowledge/entry-index.ts';
import type { Base } from '../../actors/assistant/knowledge/tenant-knowledge.ts';
import type { Entry } from '../../events/knowledge.ts';
import { sampleKnowledge } from './sample-knowledge.ts';

/** The built-in one, made when somebody asks: it is small enough for a question to wait for it, and a start need not. */
export const sampleBase = (): Base => {
  let made: Base | undefined;
  const base = (): Base => (made ??= baseOf(sampleKnowledge));
  return {
    get index() {
      return base().index;
    },
    get revision() {
      return base().revision;
    },
  };
};

/** Its revision names its content, so that the same file is the same revision in every process and after every restart. */
export const baseOf = (entries: readonly Entry[]): Base => {
  const index = new EntryIndex();
  const hash = createHash('sha256');
  for (const entry of entries) {
    index.put(entry);
    const { id, lang, question, also, answer } = entry;
    hash.update(`${JSON.stringify([id, lang, question, also ?? [], answer])}\n`);
  }
  return { index, revision: hash.digest('hex').slice(0, 12) };
};
