/** How texts are cut: a word where words have spaces between them, a character in Chinese and Japanese. */
import { fold } from '../words.ts';
import { stem } from './stem.ts';

export interface Token {
  /** A stem, or one character. */
  readonly text: string;
  /** As it was written. */
  readonly raw: string;
  readonly isHan: boolean;
}

/** Tokens that are looked at; whoever asks for more is understood by the beginning. */
export const TOKENS_MAX = 160;

const PIECE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;
const HAN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * A dictionary of Chinese words would split some that people search for (到账 becomes 到 and 账), and differs from one version
 * of ICU to the next, so that the same question would be answered here and not there. Characters, their bigrams and the
 * thesaurus's phrases do without one.
 */
export const tokensOf = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  for (const [raw] of fold(uncontracted(text)).matchAll(PIECE)) {
    if (tokens.length === TOKENS_MAX) break;
    const isHan = HAN.test(raw);
    tokens.push({ text: isHan ? raw : (NEGATIONS.get(raw) ?? stem(raw)), raw, isHan });
  }
  return tokens;
};

/** `can’t` as `not`, `what’s` as `what`: else the apostrophe leaves half words behind. */
const uncontracted = (text: string): string =>
  text
    .replaceAll(/\b(?:can|won|don|doesn|didn|isn|aren|wasn|hasn|haven|couldn|shouldn|wouldn)['’]t\b/gi, 'not')
    .replaceAll(/(\w)['’](?:s|re|ve|ll|d|m)\b/gi, '$1');

/** People leave the apostrophe out. */
const NEGATIONS: ReadonlyMap<string, string> = new Map(
  'cant cannot dont doesnt didnt isnt arent wasnt hasnt havent wont couldnt never no without'
    .split(' ')
    .map((word) => [word, 'not']),
);
