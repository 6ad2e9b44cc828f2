/** An estimate of how many tokens a model makes of a text: one a Chinese, Japanese or Korean character, one for four others. */
const CHARS_PER_TOKEN = 4;
const WIDE = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/gu;

export const tokensIn = (text: string): number => {
  const wide = text.match(WIDE)?.length ?? 0;
  return wide + Math.ceil((text.length - wide) / CHARS_PER_TOKEN);
};

/** The beginning of the text that comes to no more than so many tokens. */
export const cutToTokens = (text: string, tokensMax: number): string => {
  if (tokensIn(text) <= tokensMax) return text;
  let fits = 0;
  let tooLong = text.length;
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (tokensIn(text.slice(0, middle)) <= tokensMax) fits = middle;
    else tooLong = middle;
  }
  const splitsPair = (text.codePointAt(fits - 1) ?? 0) > 0xffff;
  return text.slice(0, splitsPair ? fits - 1 : fits);
};
