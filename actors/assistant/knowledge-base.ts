/** What the assistant knows by heart: questions with answers, found by the words they share with what was asked. */
import MiniSearch from 'minisearch';
import type { Entry } from '../../events/knowledge.ts';
import { fold, termsOf } from './words.ts';

export interface Match {
  readonly entry: Entry;
  /** How much of the question's weight one wording of the entry covers, 0 to 1, and the other way round. */
  readonly confidence: number;
}

export interface KnowledgeBase {
  readonly size: number;
  /** The entry nearest to the question, `undefined` where no word is shared. */
  find(question: string): Match | undefined;
}

/** One wording of an entry's question. */
interface Wording {
  readonly id: number;
  readonly entry: Entry;
  readonly folded: string;
  readonly terms: ReadonlySet<string>;
}

/** Candidates that the index hands to the closer look. */
const CANDIDATES_MAX = 12;

/**
 * Candidates come from BM25 (Robertson and Zaragoza 2009, as MiniSearch has it) over words and, for scripts without
 * spaces, bigrams. The confidence is the F1 of the two texts' terms, each weighed by its rarity in the knowledge base, so
 * that it has the same meaning for every entry, which a BM25 score has not.
 */
export const knowledgeBase = (entries: readonly Entry[]): KnowledgeBase => {
  const wordings: Wording[] = entries
    .flatMap((entry) => [entry.question, ...(entry.also ?? [])].map((each) => ({ entry, each })))
    .map(({ entry, each }, id) => ({ id, entry, folded: fold(each), terms: new Set(termsOf(each)) }));
  const index = new MiniSearch<Wording>({
    fields: ['folded'],
    tokenize: (value) => termsOf(value),
    processTerm: (term) => term,
  });
  index.addAll(wordings);
  const rarity = rarityIn(wordings);
  const exact = new Map(wordings.map((wording) => [wording.folded, wording]));
  return {
    size: entries.length,
    find: (question) => {
      const known = exact.get(fold(question));
      if (known !== undefined) return { entry: known.entry, confidence: 1 };
      const asked = new Set(termsOf(question));
      let best: Match | undefined;
      for (const { id } of index.search(question).slice(0, CANDIDATES_MAX)) {
        const wording = wordings[Number(id)];
        if (wording === undefined) continue;
        const confidence = overlap(asked, wording.terms, rarity);
        if (best === undefined || confidence > best.confidence) best = { entry: wording.entry, confidence };
      }
      return best;
    },
  };
};

type Rarity = (term: string) => number;

/** Inverse document frequency over wordings; a term that the knowledge base does not have weighs as one it has once. */
const rarityIn = (wordings: readonly Wording[]): Rarity => {
  const counts = new Map<string, number>();
  for (const { terms } of wordings) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return (term) => Math.log(1 + wordings.length / (counts.get(term) ?? 1));
};

const overlap = (asked: ReadonlySet<string>, known: ReadonlySet<string>, rarity: Rarity): number => {
  const weigh = (terms: Iterable<string>): number => [...terms].reduce((sum, term) => sum + rarity(term), 0);
  const shared = weigh([...asked].filter((term) => known.has(term)));
  const total = weigh(asked) + weigh(known);
  return total === 0 ? 0 : (2 * shared) / total;
};
