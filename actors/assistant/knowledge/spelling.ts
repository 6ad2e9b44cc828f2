/** Mends misspelt words: one letter missing, too many, wrong, or two that changed places. */

/** Shorter words have too many neighbours. */
const LETTERS_MIN = 5;
const LETTERS_MAX = 24;

/**
 * Words are filed under themselves and under each form with one letter left out, as are the words that are looked up
 * (Garbe's symmetric delete), so that a look-up costs as many steps as the word has letters.
 */
export class Spelling {
  readonly #filed = new Map<string, Set<string>>();

  add(word: string): void {
    if (!isMendable(word)) return;
    for (const form of shortened(word)) {
      const words = this.#filed.get(form);
      if (words === undefined) this.#filed.set(form, new Set([word]));
      else words.add(word);
    }
  }

  delete(word: string): void {
    if (!isMendable(word)) return;
    for (const form of shortened(word)) {
      const words = this.#filed.get(form);
      words?.delete(word);
      if (words?.size === 0) this.#filed.delete(form);
    }
  }

  /** The nearest word with the same first letter; of several the one that comes first in the alphabet. */
  mend(word: string): string | undefined {
    if (!isMendable(word)) return undefined;
    let best: string | undefined;
    for (const form of shortened(word))
      for (const known of this.#filed.get(form) ?? [])
        if (known[0] === word[0] && isOneSlip(known, word) && (best === undefined || known < best)) best = known;
    return best;
  }
}

const isMendable = (word: string): boolean =>
  word.length >= LETTERS_MIN && word.length <= LETTERS_MAX && /^[a-z]+$/.test(word);

const shortened = (word: string): readonly string[] => [
  word,
  ...Array.from(word, (_letter, at) => word.slice(0, at) + word.slice(at + 1)),
];

/** Damerau's four slips (1964). */
const isOneSlip = (one: string, other: string): boolean => {
  let from = 0;
  while (from < one.length && one[from] === other[from]) from++;
  const [a, b] = [one.slice(from), other.slice(from)];
  if (a.length === b.length)
    return a.slice(1) === b.slice(1) || (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2));
  return a.length > b.length ? a.slice(1) === b : a === b.slice(1);
};
