/** What a text says, in forms that can be compared. */
import type { Hit } from './phrases.ts';
import { ASPECTS, ELSEWHERE_GROUP, FILLER_GROUP, GREETING_GROUP, hitsIn, nearTo } from './thesaurus.ts';
import { type Token, tokensOf } from './tokens.ts';

/** One word or character that matters, with every form that another text may have it in. */
export interface Unit {
  /** The word itself, or the bigrams that a character stands in. */
  readonly words: readonly string[];
  /** The character alone; says little. */
  readonly character: string | undefined;
  /** `#name` of the groups whose phrases it is part of. */
  readonly groups: readonly string[];
  /** Groups that lie near those. */
  readonly near: readonly string[];
  /** A character is half a word. */
  readonly share: number;
}

export interface Analysis {
  readonly units: readonly Unit[];
  /** All forms of all units. */
  readonly forms: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** Groups that lie near those and are none of them. */
  readonly near: ReadonlySet<string>;
  /** What about the matter is asked: such of the groups as are no matter themselves. */
  readonly aspects: readonly string[];
  readonly isHan: boolean;
  /** The forms of each phrase that is small talk or of another world, unless the knowledge base is of that world. */
  readonly elsewhere: readonly (readonly string[])[];
}

/** `mend` may give a misspelt word's stem its right form. */
export const analyse = (text: string, mend?: (token: Token) => Token): Analysis => {
  const written = tokensOf(text);
  const tokens = mend === undefined ? written : written.map(mend);
  const hits = hitsIn(tokens);
  const filler = covered(hits, ({ name }) => name === FILLER_GROUP);
  const meaning = hits.filter(
    ({ name }) => name !== FILLER_GROUP && name !== ELSEWHERE_GROUP && name !== GREETING_GROUP,
  );
  const groupsAt = tokens.map((): string[] => []);
  for (const { name, places } of meaning)
    for (const at of places) if (!groupsAt[at]?.includes(`#${name}`)) groupsAt[at]?.push(`#${name}`);
  const counts = (at: number): boolean => !filler.has(at) || (groupsAt[at]?.length ?? 0) > 0;
  const isAspect = (at: number): boolean => {
    const groups = groupsAt[at] ?? [];
    return groups.length > 0 && groups.every((group) => ASPECTS.has(group));
  };
  const units: Unit[] = [];
  tokens.forEach((_token, at) => {
    if (counts(at) && !isAspect(at))
      units.push(unitOf(tokens, at, groupsAt[at] ?? [], (near) => near >= 0 && near < tokens.length && counts(near)));
  });
  const groups = new Set(meaning.map(({ name }) => `#${name}`));
  const forms = new Set(
    units.flatMap(({ words, character }) => (character === undefined ? words : [...words, character])),
  );
  for (const group of groups) forms.add(group);
  return {
    units,
    forms,
    groups,
    near: new Set(units.flatMap(({ near }) => near.filter((group) => !groups.has(group)))),
    aspects: [...groups].filter((group) => ASPECTS.has(group)),
    isHan: tokens.filter(({ isHan }) => isHan).length * 2 > tokens.length,
    elsewhere: hits
      .filter(({ name }) => name === ELSEWHERE_GROUP || name === GREETING_GROUP)
      .map(({ places }) => formsAt(tokens, places)),
  };
};

const unitOf = (
  tokens: readonly Token[],
  at: number,
  groups: readonly string[],
  counts: (at: number) => boolean,
): Unit => {
  const token = tokens[at];
  const near = groups.length === 0 ? [] : [...new Set(groups.flatMap((group) => [...nearTo(group)]))];
  if (token === undefined) throw new Error('a unit stands on a token');
  if (!token.isHan) return { words: [token.text], character: undefined, groups, near, share: 1 };
  const words: string[] = [];
  for (const first of [at - 1, at]) {
    const [one, other] = [tokens[first], tokens[first + 1]];
    if (one?.isHan === true && other?.isHan === true && counts(first) && counts(first + 1))
      words.push(one.text + other.text);
  }
  return { words, character: token.text, groups, near, share: 0.5 };
};

/** Words as they are, characters by two where there are two. */
const formsAt = (tokens: readonly Token[], places: readonly number[]): readonly string[] => {
  const texts = places.flatMap((at) => tokens[at]?.text ?? []);
  if (texts.length === 1 || tokens[places[0] ?? 0]?.isHan !== true) return texts;
  return texts.slice(1).map((text, at) => `${texts[at]}${text}`);
};

const covered = (hits: readonly Hit[], which: (hit: Hit) => boolean): ReadonlySet<number> =>
  new Set(hits.filter(which).flatMap(({ places }) => places));
