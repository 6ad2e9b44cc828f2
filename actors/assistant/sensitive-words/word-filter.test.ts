import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordFilter } from './word-filter.ts';
import { bareWord } from './word-list.ts';

const latin = ['fuck', 'ass', 'cunt', 'penis', 'porn', 'kill yourself', '8964'];
const chinese = ['法轮功', '赌博', '傻逼', '加微信', '冰毒'];
const filter = new WordFilter([...latin, ...chinese]);

const fullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0));
const between = (text: string, gap: string): string => Array.from(text).join(gap);
const ZERO_WIDTH = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u180e', '\ufe0f', '\u{e0001}'];

describe('a sensitive word is found', () => {
  const disguises: Readonly<Record<string, (word: string) => string>> = {
    'as it is': (word) => word,
    'in a sentence': (word) => `well, ${word} then`,
    'between Chinese words': (word) => `你${word}吧`,
    'at the end, before a full stop': (word) => `that is ${word}.`,
    'in capitals': (word) => word.toUpperCase(),
    'in mixed case': (word) => Array.from(word, (each, at) => (at % 2 === 0 ? each.toUpperCase() : each)).join(''),
    'in full width': fullWidth,
    'spelled out with spaces': (word) => between(word, ' '),
    'spelled out with ideographic spaces': (word) => between(word, '\u3000'),
    'spelled out over lines': (word) => between(word, '\n'),
    'with full stops': (word) => between(word, '.'),
    'with hyphens': (word) => between(word, '-'),
    'with one symbol': (word) => `${word.slice(0, 1)}*${word.slice(1)}`,
    'with several symbols': (word) => between(word, ' _*|'),
    'with Chinese punctuation': (word) => between(word, '、'),
    'with emoji': (word) => between(word, '😀'),
    'with accents': (word) => between(word, '\u0301') + '\u0301',
    'in full width, spelled out': (word) => between(fullWidth(word), ' '),
    ...Object.fromEntries(
      ZERO_WIDTH.map((each) => [`with U+${each.codePointAt(0)?.toString(16)}`, (word: string) => between(word, each)]),
    ),
  };
  for (const [how, disguise] of Object.entries(disguises))
    it.each([...latin, ...chinese])(`${how}: %s`, (word) => {
      expect(filter.holds(disguise(word))).toBe(true);
    });

  it.each([
    ['mathematical letters', '𝐟𝓾𝖈𝗸'],
    ['circled letters', 'ⓕⓤⓒⓚ'],
    ['Cyrillic letters that look the same', 'fuсk and аss'],
    ['accents of their own', 'fúck'],
    ['one longer piece', 'f u ck'],
    ['a phrase without its space', 'killyourself'],
    ['a phrase with another gap', 'kill-yourself'],
    ['a phrase spelled out', 'k i l l y o u r s e l f'],
    ['digits next to letters', 'fuck123'],
    ['digits in full width', '８９６４'],
  ])('written with %s', (_, text) => {
    expect(filter.holds(text)).toBe(true);
  });

  it.each([
    ['a radical that stands for its character', '人体', '\u2f08体'],
    ['a compatibility ideograph', '六合', '\uf9d1合'],
    ['a ligature', 'office', 'o\ufb03ce'],
  ])('written with %s', (_, word, text) => {
    expect(new WordFilter([word]).holds(text)).toBe(true);
  });

  it('in any list, wherever it stands and whatever is put between its letters', () => {
    const han = fc.stringMatching(/^[\u4e00-\u4e40]{1,5}$/);
    const gap = fc.constantFrom('', ' ', '.', '，', '\u200b', ' * ', '\n');
    fc.assert(
      fc.property(
        fc.array(han, { minLength: 1, maxLength: 20 }),
        fc.nat(),
        gap,
        fc.string(),
        (words, which, dot, rest) => {
          const word = words[which % words.length] ?? '';
          expect(new WordFilter(words).holds(rest + between(word, dot) + rest)).toBe(true);
        },
      ),
    );
  });
});

describe('what only looks like one is left in peace', () => {
  it.each(
    [
      'Scunthorpe',
      'assistant, classic, pass, grass, assess',
      'cocktail and peniston',
      'The pen is mine.',
      'as soon as someone asks',
      'He will kill time. It is yours.',
      '我想赌一把，他博学',
      '加我微的信',
      'fu and then ck',
      '',
      ' ',
      '😀😀',
      '\ud83d',
    ].filter((text) => !text.includes('8964')),
  )('%s', (text) => {
    expect(filter.find(text)).toBeUndefined();
  });
  it('a number that holds the digits of one', () => {
    expect(filter.holds('order 189640')).toBe(false);
    expect(filter.holds('in 8964 days')).toBe(true);
  });
});

describe('the place of a word', () => {
  it.each([
    ['well, f.u.c.k you', 'f.u.c.k'],
    ['ok ＦＵＣＫ', 'ＦＵＣＫ'],
    ['不要法 轮\u200b功啊', '法 轮\u200b功'],
    ['𝐟𝓾𝖈𝗸 it', '𝐟𝓾𝖈𝗸'],
  ])('in %s is that of the original', (text, word) => {
    const found = filter.find(text);
    expect(text.slice(found?.from, found?.to)).toBe(word);
  });
  it('is masked, and nothing else', () => {
    expect(filter.mask('well, f.u.c.k you and 赌博!')).toBe('well, ******* you and **!');
    expect(filter.mask('nothing here')).toBe('nothing here');
    expect(filter.mask('傻逼傻逼')).toBe('****');
  });
  it('after masking holds no word any more', () => {
    const piece = fc.constantFrom(...latin, ...chinese, ' ', 'a', '的', '.', '\u200b', 'Ｆ', '😀');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(filter.holds(filter.mask(pieces.join('')))).toBe(false);
      }),
    );
  });
});

describe('a stream', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'f',
      'u',
      'c',
      'k',
      'ass',
      'ist',
      '法',
      '轮',
      '功',
      ' ',
      '.',
      '\u200b',
      '𝐟',
      '😀',
      'kill ',
      'yourself',
    ),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
  );
  const pieces = fc.array(piece, { maxLength: 40 });

  it('is let through whole when it holds no word, and never any part of a word, however it is cut', () => {
    fc.assert(
      fc.property(pieces, fc.infiniteStream(fc.integer({ min: 1, max: 3 })), (parts, widths) => {
        const text = parts.join('');
        const guard = filter.guard();
        let shown = '';
        let isForbidden = false;
        for (let at = 0; at < text.length && !isForbidden; ) {
          const { value: width } = widths.next() as IteratorYieldResult<number>;
          const verdict = guard.push(text.slice(at, at + width));
          at += width;
          if (verdict._tag === 'Forbidden') isForbidden = true;
          else shown += verdict.text;
        }
        const last = guard.end();
        if (last._tag === 'Forbidden') isForbidden = true;
        else shown += last.text;
        const found = filter.find(text);
        expect(isForbidden).toBe(found !== undefined);
        const mayBeShown = found === undefined ? text.length : found.from;
        expect(text.startsWith(shown) && shown.length <= mayBeShown).toBe(true);
        expect(isForbidden || shown === text).toBe(true);
      }),
      { numRuns: Number(process.env['KEFU_RUNS'] ?? 2_000) },
    );
  });
  it('holds back no more than what may become a word', () => {
    const guard = filter.guard();
    expect(guard.push('Hello there')).toEqual({ _tag: 'Through', text: 'Hello there' });
    expect(guard.push(', f')).toEqual({ _tag: 'Through', text: ', ' });
    expect(guard.push(' u')).toEqual({ _tag: 'Through', text: '' });
    expect(guard.push('nny')).toEqual({ _tag: 'Through', text: 'f unny' });
    expect(guard.push(' 法轮')).toEqual({ _tag: 'Through', text: ' ' });
    expect(guard.push('船')).toEqual({ _tag: 'Through', text: '法轮船' });
    expect(guard.push(' fuck')).toEqual({ _tag: 'Through', text: ' ' });
    expect(guard.end()).toEqual({ _tag: 'Forbidden' });
  });
});

describe('a word', () => {
  it('is known by its letters and digits alone', () => {
    expect(bareWord(' Ｆ.U c-k ')).toBe('fuck');
    expect(bareWord('***')).toBe('');
    expect(new WordFilter(['***', '😀', 'a']).size).toBe(1);
  });
});
