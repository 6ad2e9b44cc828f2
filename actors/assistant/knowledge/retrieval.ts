/** From a question to the entries that it may mean, with the evidence for each. */
import { type Analysis, analyse } from './analysis.ts';
import type { Indexed } from './entry-index.ts';
import { type Asked, entryEvidence, noneEvidence, type Rarity, weigh } from './evidence.ts';
import { thesaurusWords } from './thesaurus.ts';
import { things } from './things.ts';
import type { Token } from './tokens.ts';

/** The entries of one tenant, wherever they are kept. */
export interface Corpus {
  readonly size: number;
  /** How many entries have the form in one of their wordings. */
  count(form: string): number;
  /** By BM25, best first, with the score. */
  nearest(analysis: Analysis, limit: number): readonly (readonly [Indexed, number])[];
  /** The word of the entries, or of the thesaurus, that is one slip away. */
  mend(word: string): string | undefined;
}

export interface Retrieved {
  readonly entries: readonly Indexed[];
  /** Of each entry. */
  readonly evidence: readonly (readonly number[])[];
  /** That none is meant. */
  readonly none: readonly number[];
}

/** Entries that the index hands to the closer look. */
export const CANDIDATES_MAX = 12;

export const retrieve = (
  corpus: Corpus,
  question: string,
  locale: string | undefined,
  limit = CANDIDATES_MAX,
): Retrieved => {
  const analysis = analyse(question, mending(corpus));
  const rarity = rarityIn(corpus);
  const unknown = Math.log1p(corpus.size * 2);
  const weights = weigh(analysis.units, rarity, unknown);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const asked: Asked = { analysis, weights, total, language: languageOf(analysis, locale) };
  const found = corpus.nearest(analysis, limit);
  const topScore = found[0]?.[1] ?? 1;
  return {
    entries: found.map(([each]) => each),
    evidence: found.map(([each, score]) => entryEvidence(asked, each, score / topScore, rarity, unknown)),
    none: noneEvidence(asked, rarity),
  };
};

/** Words that neither the entries nor the thesaurus have may be things that are sold, or misspelt. */
const mending =
  (corpus: Corpus) =>
  (token: Token): Token => {
    if (token.isHan || corpus.count(token.text) > 0) return token;
    if (things.has(token.text)) return { ...token, text: 'item' };
    if (thesaurusWords.has(token.text)) return token;
    const right = corpus.mend(token.text);
    return right === undefined ? token : { ...token, text: right };
  };

const rarityIn = (corpus: Corpus): Rarity => {
  const known = new Map<string, number | undefined>();
  return (form) => {
    if (known.has(form)) return known.get(form);
    const count = corpus.count(form);
    const rarity = count === 0 ? undefined : Math.log1p(corpus.size / count);
    known.set(form, rarity);
    return rarity;
  };
};

/** A Chinese session may hold an English question: the script decides, and the locale only between languages of one script. */
const languageOf = ({ isHan }: Analysis, locale: string | undefined): string => {
  const primary = locale?.toLowerCase().split(/[-_]/, 1)[0] ?? '';
  if (isHan) return primary === 'ja' ? 'ja' : 'zh';
  return primary === '' || primary === 'zh' || primary === 'ja' ? 'en' : primary;
};
