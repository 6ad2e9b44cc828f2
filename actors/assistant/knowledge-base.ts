/** What the assistant knows by heart: questions with answers, found by the words they share with what was asked. */
import MiniSearch from 'minisearch';
import { hash53 } from '../../events/hash.ts';
import type { Entry } from '../../events/knowledge.ts';
import { fold, termsOf } from './words.ts';

export interface Candidate {
  readonly entry: Entry;
  /** Which version of the entry this is. */
  readonly revision: string;
  /** How much of the question's weight one wording of the entry covers, 0 to 1, and the other way round. */
  readonly confidence: number;
}

export type Finding =
  | { readonly _tag: 'Sure'; readonly match: Candidate }
  /** Up to three, likeliest first. */
  | { readonly _tag: 'Unsure'; readonly choices: readonly Candidate[] }
  | { readonly _tag: 'Nothing'; readonly nearest: Candidate | undefined };

export interface KnowledgeBase {
  readonly size: number;
  find(question: string, locale?: string): Finding;
  entry(id: string): Candidate | undefined;
  /** The entries to read for whoever is to answer the question, likeliest first. */
  passages(question: string, limit: number): readonly Candidate[];
}

/** Each tenant's knowledge. */
export interface Knowledge {
  of(tenant: string): KnowledgeBase;
}

/** Below this confidence an answer would be a guess, and the visitor is asked. */
export const SURE_FROM = 0.5;
/** Below this it is not worth asking. */
export const UNSURE_FROM = 0.35;
const CHOICES = 3;

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
  const exact = new Map(wordings.map((wording) => [wording.folded, wording.entry]));
  const byId = new Map(entries.map((entry) => [entry.id, entry]));

  /** Each entry once, by its best wording. */
  const ranked = (question: string): readonly Candidate[] => {
    const asked = new Set(termsOf(question));
    const best = new Map<string, Candidate>();
    for (const { id } of index.search(question).slice(0, CANDIDATES_MAX)) {
      const wording = wordings[Number(id)];
      if (wording === undefined) continue;
      const confidence = overlap(asked, wording.terms, rarity);
      if (confidence > (best.get(wording.entry.id)?.confidence ?? 0))
        best.set(wording.entry.id, candidate(wording.entry, confidence));
    }
    return [...best.values()].toSorted((a, b) => b.confidence - a.confidence);
  };

  return {
    size: entries.length,
    find: (question) => {
      const known = exact.get(fold(question));
      if (known !== undefined) return { _tag: 'Sure', match: candidate(known, 1) };
      const all = ranked(question);
      const [first] = all;
      if (first === undefined || first.confidence < UNSURE_FROM) return { _tag: 'Nothing', nearest: first };
      if (first.confidence >= SURE_FROM) return { _tag: 'Sure', match: first };
      const choices = all.filter(({ confidence }) => confidence >= UNSURE_FROM).slice(0, CHOICES);
      return { _tag: 'Unsure', choices };
    },
    entry: (id) => {
      const entry = byId.get(id);
      return entry === undefined ? undefined : candidate(entry, 1);
    },
    passages: (question, limit) => ranked(question).slice(0, limit),
  };
};

const candidate = (entry: Entry, confidence: number): Candidate => ({
  entry,
  revision: hash53(JSON.stringify([entry.question, entry.also, entry.answer])).toString(36),
  confidence,
});

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
