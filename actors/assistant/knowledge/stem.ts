/** English endings, cut so that the forms of one word meet: after Porter (1980), with the steps that short questions need. */

const VOWEL = /[aeiouy]/;
/** Never doubled by an ending, so that `cancelled` meets `cancel` and `fill` stays as it is. */
const DOUBLED = /([bdglmnprt])\1$/;

/** Another word without its last letter. */
const KEPT: ReadonlySet<string> = new Set(['plane', 'spare', 'grade']);

export const stem = (word: string): string => {
  if (word.length <= 3) return word;
  const bare = withoutVerbEnding(withoutPlural(word));
  if (bare.length > 4 && bare.endsWith('e') && !KEPT.has(bare)) return bare.slice(0, -1);
  return bare.length > 3 && bare.endsWith('y') ? `${bare.slice(0, -1)}i` : bare;
};

const withoutPlural = (word: string): string => {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:sse|she|che|xe|zze)s$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
};

const withoutVerbEnding = (word: string): string => {
  for (const ending of ['ing', 'ed']) {
    const rest = word.slice(0, -ending.length);
    if (!word.endsWith(ending) || rest.length < 3 || !VOWEL.test(rest)) continue;
    if (rest.length > 3 && DOUBLED.test(rest)) return rest.slice(0, -1);
    return rest;
  }
  return word;
};
