/**
 * What people are known by, out of a text that others will read: addresses and numbers, each replaced by what it was. Better
 * one price too many than one telephone number: where a number may be either, it is taken for the one that must not be seen.
 * Names and postal addresses have no form to know them by, and stay.
 */

export const withoutPersonalData = (text: string): string =>
  text
    .replaceAll(EMAIL, '[email]')
    .replaceAll(NAMED_ORDER, masked)
    .replaceAll(CODE, codeFor)
    .replaceAll(NUMBER, numberFor);

const DIGIT = '[0-9０-９]';
const WORDY = 'A-Za-z0-9０-９';

const EMAIL = /(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}[@＠][A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g;

/** Whatever has digits behind a word for it: `订单号：A-1234`, `order no. 5678`, `#91011`. */
const NAMED_ORDER = new RegExp(
  `((?:\\b(?:order|tracking|parcel|invoice|reference)|订单|单号|运单|快递单|流水号)(?:\\s{0,2}(?:numbers?|no\\.?|id|code|号码|编号|号|is|是|为|[:：#＃]))*\\s{0,2}|[#＃])((?=[A-Za-z0-9-]*\\d)[${WORDY}][${WORDY}-]{3,})(?![${WORDY}])`,
  'gi',
);

/** Letters and digits in one word. */
const CODE = new RegExp(`(?<![${WORDY}\\[])(?=[${WORDY}-]*[A-Za-z])[${WORDY}]+(?:-[${WORDY}]+)*(?![${WORDY}])`, 'g');
const CODE_CHARS_MIN = 8;
const CODE_DIGITS_MIN = 6;

/** What makes an amount of a number. */
const UNIT = '(?:元|块|万|美元|人民币|rmb|cny|usd|eur|dollars?|euros?|yuan)';

/** Digits, alone or in groups, that are no amount. */
const NUMBER = new RegExp(
  `(?<![${WORDY}]|[$€£¥￥] ?)[+＋]?[(（]?${DIGIT}(?:[)）]?[ .\\-/]?[(（]?${DIGIT}){5,}(?:[Xx](?![${WORDY}]))?(?!${DIGIT}|\\s?${UNIT})`,
  'gi',
);

const digitsOf = (text: string): string => text.normalize('NFKC').replaceAll(/\D/g, '');

const masked = (whole: string, lead: string, code: string): string => {
  const digits = digitsOf(code).length;
  return digits >= 3 && !isMoment(code) ? `${lead}[order]` : whole;
};

const codeFor = (code: string): string => {
  if (isIdentityCard(code)) return '[id]';
  return code.length >= CODE_CHARS_MIN && digitsOf(code).length >= CODE_DIGITS_MIN ? '[order]' : code;
};

const numberFor = (found: string): string => {
  const text = found.normalize('NFKC');
  const digits = digitsOf(text);
  if (isIdentityCard(text)) return '[id]';
  if (isMoment(text)) return found;
  const isAbroad = text.startsWith('+');
  if (!isAbroad && digits.length >= 13 && digits.length <= 19 && passesLuhn(digits)) return '[card]';
  if (isTelephone(text, digits)) return '[phone]';
  return isInOnePiece(text) && digits.length >= 8 ? '[order]' : found;
};

const isInOnePiece = (text: string): boolean => /^\d+$/.test(text);

/** In one piece as mobile numbers are written; in groups wherever it is no range and no amount. */
const isTelephone = (text: string, digits: string): boolean => {
  if (digits.length < 7 || digits.length > 15) return false;
  if (isInOnePiece(text)) return /^(?:0\d{9,11}|1[3-9]\d{9}|[2-9]\d{9}|[2-8]\d{7}|86\d{11})$/.test(digits);
  if (/^[+(]/.test(text)) return true;
  const groups = text.split(/\D+/);
  if (text.includes('.') && groups.length < 3) return false;
  if (groups.length > 2) return !/^\d{1,3}(?:[ .]\d{3})+$/.test(text) || digits.length > 9;
  const [first = '', second = ''] = groups;
  return !(text.includes('-') && first.length === second.length) && (second.length >= 4 || first.length >= 5);
};

/** `2026-11-23`, `23.11.2026`, `20261123`, alone or with a time or another date behind it. */
const isMoment = (text: string): boolean => {
  const date =
    '(?:(?:19|20)\\d\\d[-./]?(?:0?[1-9]|1[0-2])[-./]?(?:0?[1-9]|[12]\\d|3[01])|(?:0?[1-9]|[12]\\d|3[01])[-./](?:0?[1-9]|[12]\\d|3[01])[-./](?:19|20)?\\d\\d)';
  return new RegExp(`^${date}(?:[ -]{1,3}(?:${date}|\\d{1,4}))?$`).test(text);
};

/** Luhn's check digit (ISO/IEC 7812-1), as payment cards have it. */
const passesLuhn = (digits: string): boolean => {
  const sum = Array.from(digits)
    .toReversed()
    .map((digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return sum % 10 === 0;
};

/** A Chinese identity card's number with its check digit (GB 11643, ISO 7064 mod 11-2). */
const isIdentityCard = (text: string): boolean => {
  const id = text.normalize('NFKC').toUpperCase();
  if (!/^[1-9]\d{16}[\dX]$/.test(id)) return false;
  const rest = Array.from(id.slice(0, 17)).reduce(
    (sum, digit, index) => sum + Number(digit) * (2 ** (17 - index) % 11),
    0,
  );
  return '10X98765432'[rest % 11] === id.at(17);
};
