/**
 * One unit for the ways to write the same letter, so that a word is found however it is dressed up: compatibility forms
 * (full-width, circled, mathematical), case, accents, and letters of other alphabets that look the same. Everything that
 * is neither letter nor digit is told apart only by what it can hide: nothing, a symbol, or white space.
 */

/** What a UTF-16 unit comes to; anything greater is the folded unit itself. */
const UNSEEN = 0;
/** Not to be seen by a reader: zero-width and format characters, variation selectors, combining accents. */
export const IGNORABLE = 1;
export const SYMBOL = 2;
export const SPACE = 3;
/** Comes to several units, or is half of a pair: to be looked up by its code point. */
export const SEVERAL = 4;

const MARK = /^(?:\p{Default_Ignorable_Code_Point}|\p{Cf}|\p{Mn}|\p{Me})$/u;
const SPACE_LIKE = /^[\s\p{Z}\p{Cc}]$/u;
const LETTER_OR_DIGIT = /^[\p{L}\p{N}\p{Mc}]$/u;

/** Cyrillic and Greek letters that a reader takes for Latin ones. Both sides are folded, so that their own words still match. */
const LOOK_ALIKE = new Map(
  [...'аaеeоoрpсcуyхxкkіiѕsјjԁdһhвbмmнhтtαaοoρpνvκkιiτtυu'.matchAll(/(.)(.)/gu)].map(([, from = '', to = '']) => [
    from,
    to,
  ]),
);

const table = new Uint16Array(0x1_0000);
const several = new Map<number, string>();
/** Code points of the other planes that are remembered; text can hold a million of them. */
const SEVERAL_MAX = 20_000;

/** The class of a unit, or its folded form. */
export const foldUnit = (unit: number): number => {
  const known = table[unit] ?? UNSEEN;
  if (known !== UNSEEN) return known;
  const folded = isSurrogate(unit) ? SEVERAL : classOf(foldedText(unit));
  table[unit] = folded;
  return folded;
};

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/** The units of a code point that {@link foldUnit} calls `SEVERAL`, each of them a unit or a class. */
export const foldPoint = (point: number): string => {
  const known = several.get(point);
  if (known !== undefined) return known;
  const folded = foldedText(point);
  if (several.size < SEVERAL_MAX) several.set(point, folded);
  return folded;
};

const classOf = (folded: string): number => (folded.length === 1 ? folded.charCodeAt(0) : SEVERAL);

/** Letters and digits, or one character that stands for a class. */
const foldedText = (point: number): string => {
  // Half of a pair that has lost the other half is no character at all.
  if (isSurrogate(point)) return String.fromCharCode(SYMBOL);
  const character = String.fromCodePoint(point);
  if (MARK.test(character)) return String.fromCharCode(IGNORABLE);
  if (SPACE_LIKE.test(character)) return String.fromCharCode(SPACE);
  const bare = character
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/gu, '')
    .normalize('NFKC')
    .toLowerCase();
  const kept = Array.from(bare)
    .filter((each) => LETTER_OR_DIGIT.test(each))
    .map((each) => LOOK_ALIKE.get(each) ?? each);
  return kept.length === 0 ? String.fromCharCode(SYMBOL) : kept.join('');
};

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** Whether a word is written without spaces around it, so that it is to be found anywhere. */
export const isUnspaced = (folded: string): boolean => UNSPACED.test(folded);

const unspacedUnits = new Uint8Array(0x1_0000);

/** 1 for a letter of a script with spaces, 2 for a digit, 3 for all others. */
export const kindOfUnit = (unit: number): number => {
  const known = unspacedUnits[unit] ?? 0;
  if (known !== 0) return known;
  const character = String.fromCharCode(unit);
  const kind = /\p{N}/u.test(character) ? 2 : isSurrogate(unit) || UNSPACED.test(character) ? 3 : 1;
  unspacedUnits[unit] = kind;
  return kind;
};
