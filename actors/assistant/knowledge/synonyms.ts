/** A tenant's own words that mean the same, such as a product's nickname and its name. */
import { fold } from '../words.ts';

/** Wordings of one question that are tried. */
const WORDINGS_MAX = 6;

/** The question is asked again in the group's other words; the entries stay as they are, so that a change costs nothing. */
export class Synonyms {
  readonly groups: readonly (readonly string[])[];
  readonly #words: readonly { readonly folded: string; readonly others: readonly string[] }[];

  constructor(groups: readonly (readonly string[])[]) {
    this.groups = groups;
    this.#words = groups.flatMap((group) =>
      group.map((word) => ({ folded: fold(word), others: group.filter((other) => other !== word).map(fold) })),
    );
  }

  /** The question itself first. */
  wordingsOf(question: string): readonly string[] {
    if (this.#words.length === 0) return [question];
    const folded = fold(question);
    const wordings = [question];
    for (const { folded: word, others } of this.#words) {
      if (!stands(word, folded)) continue;
      for (const other of others) {
        if (wordings.length === WORDINGS_MAX) return wordings;
        wordings.push(folded.replace(word, ` ${other} `));
      }
    }
    return wordings;
  }
}

/** Between spaces, where the word is of a language that has them. */
const stands = (word: string, folded: string): boolean =>
  word !== '' && (/^[\p{Script=Han}]/u.test(word) ? folded.includes(word) : ` ${folded} `.includes(` ${word} `));
