/** A list of sensitive words, made ready to be looked for. */
import { type Automaton, automaton } from './automaton.ts';
import { foldPoint, foldUnit, IGNORABLE, isUnspaced, SEVERAL, SPACE, SYMBOL } from './folding.ts';

/** Words of a list. */
export const SENSITIVE_WORDS_MAX = 100_000;
/** One word's length in characters. */
export const SENSITIVE_WORD_CHARS_MAX = 64;

export interface WordList {
  readonly size: number;
  readonly automaton: Automaton;
  /** Letters and digits of a word. */
  readonly length: (word: number) => number;
  /** Whether it is found within other text, because its script puts no spaces between words. */
  readonly isFoundAnywhere: (word: number) => boolean;
  /** Whether the word itself has a space before its nth letter, as phrases have. */
  readonly hasOwnGap: (word: number, letter: number) => boolean;
}

/** What a word comes to when everything that could hide it is taken away; `''` when nothing is left. */
export const bareWord = (word: string): string => lettersOf(word).letters;

export const wordList = (words: readonly string[]): WordList => {
  const known = words.map(lettersOf).filter(({ letters }) => letters !== '');
  const anywhere = known.map(({ letters }) => isUnspaced(letters));
  return {
    size: known.length,
    automaton: automaton(known.map(({ letters }) => letters)),
    length: (word) => known[word]?.letters.length ?? 0,
    isFoundAnywhere: (word) => anywhere[word] === true,
    hasOwnGap: (word, letter) => known[word]?.gaps.has(letter) === true,
  };
};

const lettersOf = (word: string): { readonly letters: string; readonly gaps: ReadonlySet<number> } => {
  let letters = '';
  const gaps = new Set<number>();
  for (const character of word.trim()) {
    const point = character.codePointAt(0) ?? 0;
    const folded = point > 0xffff ? SEVERAL : foldUnit(point);
    const units = folded === SEVERAL ? foldPoint(point) : String.fromCharCode(folded);
    const first = units.charCodeAt(0);
    if (first === SPACE || first === SYMBOL) gaps.add(letters.length);
    else if (first !== IGNORABLE) letters += units;
  }
  return { letters, gaps };
};
