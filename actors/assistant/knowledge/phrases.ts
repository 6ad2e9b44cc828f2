/** Finds the phrases of named groups in a text, however many words they have. */
import { type Token, tokensOf } from './tokens.ts';

/** The tokens at these places say what the group `name` means. */
export interface Hit {
  readonly name: string;
  readonly places: readonly number[];
}

interface Phrase {
  readonly name: string;
  /** The phrase's tokens; `undefined` stands for up to {@link GAP_MAX} of any. */
  readonly parts: readonly (string | undefined)[];
}

const GAP_MAX = 3;

export class Phrases {
  readonly #byFirst = new Map<string, Phrase[]>();

  /** Groups as `name: 中文 中文 | english, english`, one a line. */
  constructor(groups: string) {
    for (const line of groups.split('\n')) {
      const colon = line.indexOf(':');
      if (colon < 0) continue;
      const name = line.slice(0, colon).trim();
      const [spaced = '', commas = ''] = line.slice(colon + 1).split('|');
      for (const wording of [...spaced.split(' '), ...commas.split(',')]) this.#add(name, wording.trim());
    }
  }

  /** Every word in a phrase, for whoever mends spelling. */
  get words(): ReadonlySet<string> {
    const phrases = [...this.#byFirst.values()].flat();
    return new Set(phrases.flatMap(({ parts }) => parts.filter((part) => part !== undefined)));
  }

  /** Every hit that lies in no longer one: 多少钱 is not also 钱. Hits of the groups `always` are kept all the same. */
  find(tokens: readonly Token[], always: ReadonlySet<string>): readonly Hit[] {
    const hits: Hit[] = [];
    for (let from = 0; from < tokens.length; from++) {
      for (const { name, parts } of this.#byFirst.get(tokens[from]?.text ?? '') ?? []) {
        const rest = restOf(parts, 1, tokens, from + 1);
        if (rest !== undefined) hits.push({ name, places: [from, ...rest] });
      }
    }
    return hits.filter((hit) => always.has(hit.name) || !hits.some((other) => holds(other, hit)));
  }

  #add(name: string, wording: string): void {
    if (wording === '') return;
    const parts = wording
      .split('..')
      .flatMap((part, index) => [...(index === 0 ? [] : [undefined]), ...tokensOf(part).map(({ text }) => text)]);
    const first = parts[0];
    if (first === undefined) throw new Error(`the thesaurus's group ${name} has a phrase without a beginning`);
    const phrases = this.#byFirst.get(first) ?? [];
    phrases.push({ name, parts });
    this.#byFirst.set(first, phrases);
  }
}

/** Where the rest of the phrase stands when it goes on at `at`, `undefined` when it does not stand there. */
const restOf = (
  parts: readonly (string | undefined)[],
  index: number,
  tokens: readonly Token[],
  at: number,
): readonly number[] | undefined => {
  if (index === parts.length) return [];
  const part = parts[index];
  if (part !== undefined) {
    const rest = tokens[at]?.text === part ? restOf(parts, index + 1, tokens, at + 1) : undefined;
    return rest === undefined ? undefined : [at, ...rest];
  }
  for (let gap = 0; gap <= GAP_MAX && at + gap < tokens.length; gap++) {
    const rest = restOf(parts, index + 1, tokens, at + gap);
    if (rest !== undefined) return rest;
  }
  return undefined;
};

const holds = (longer: Hit, { places }: Hit): boolean =>
  longer.places.length > places.length && places.every((place) => longer.places.includes(place));
