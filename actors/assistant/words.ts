/** How texts are cut into comparable terms, in languages with and without spaces. */

const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Made when it is first needed: it reads a dictionary, which takes longer than many a start has time for. */
let segmenter: Intl.Segmenter | undefined;
const wordsOf = (text: string): Iterable<Intl.SegmentData> => {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  return segmenter.segment(text);
};

/** Words that carry a question's grammar and not its matter. */
const STOP = new Set(
  `a an the is are am was be been do does did can could will would i you it my your me we our to of for in on at and or
  what how when which who this that there please have has get with from about if so just
  的 了 吗 呢 吧 啊 我 你 您 请 请问 是 在 有 和 就 都 也 还 要 想 能 会 可以 怎么 什么 一下 这个 那个`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** One form for the ways to write the same: compatibility forms, case, punctuation and spaces. */
export const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/**
 * The terms of a text: stemmed words, and for Chinese and Japanese the dictionary's words with all bigrams beside them,
 * because the dictionary splits some words that people search for (到账 becomes 到 and 账).
 */
export const termsOf = (text: string): string[] => {
  const folded = fold(text);
  const terms: string[] = [];
  for (const { segment, isWordLike } of wordsOf(folded)) {
    if (isWordLike !== true || STOP.has(segment)) continue;
    if (!HAN.test(segment)) terms.push(stem(segment));
    else if (segment.length > 1) terms.push(segment);
  }
  for (const run of folded.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{2,}/gu) ?? [])
    for (let at = 0; at + 2 <= run.length; at++) terms.push(run.slice(at, at + 2));
  return terms;
};

/** English plural and verb endings, cut lightly: enough for `returns`, `returning` and `returned` to meet. */
const stem = (word: string): string => {
  if (word.length <= 3) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  for (const ending of ['ing', 'ed', 'es', 's'])
    if (word.endsWith(ending) && word.length - ending.length >= 3 && !word.endsWith('ss'))
      return word.slice(0, -ending.length);
  return word;
};
