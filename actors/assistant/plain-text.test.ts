import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutTo, PlainStream, plainText } from './plain-text.ts';

describe('plain text', () => {
  it.each([
    ['**bold** and *slanted* and __both__', 'bold and slanted and both'],
    ['# Title\n\n\n\ntext', 'Title\n\ntext'],
    ['- one\n* two\n+ three\n1. four', '- one\n- two\n- three\n1. four'],
    [
      'see [the page](https://a.example/x?y=1 "title") or ![](https://b.example/i.png)',
      'see the page (https://a.example/x?y=1) or https://b.example/i.png',
    ],
    ['```js\nrun()\n```\nthen `this`', 'run()\nthen this'],
    ['> quoted\n---\nrest', 'quoted\nrest'],
    ['<script>alert(1)</script><img src=x onerror=alert(1)>hi<br/>', 'alert(1)hi'],
    ['<scr<script>ipt>alert(1)</scr</script>ipt>', 'alert(1)'],
    ['<img\nsrc=x\nonerror=alert(1)>hi', 'hi'],
    ['a\u0000b\u202ec\u200bd\r\ne', 'abcd\ne'],
    ['2 * 3 * 4 = 24, a_b_c, 5 < 6 > 4, <订单号>', '2 * 3 * 4 = 24, a_b_c, 5 < 6 > 4, <订单号>'],
    ['  \n ', ''],
  ])('of %j is %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });
  it('holds no tag that a page would know, whatever is put together', () => {
    const part = fc.constantFrom(
      '<',
      '>',
      'script',
      'img',
      ' src=x',
      '/',
      '\n',
      'a',
      '"',
      '</',
      '<!--',
      '-->',
      '*',
      '`',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        expect(plainText(parts.join(''))).not.toMatch(/<\/?(?:script|img|a)\b[^<>]*>/);
      }),
      { numRuns: 2_000 },
    );
  });
  it('is cut between characters', () => {
    expect(cutTo('a😀b', 4)).toBe('a😀b');
    expect(cutTo('a😀bc', 3)).toBe('a…');
    expect(cutTo('short', 5)).toBe('short');
  });
});

describe('plain text that streams', () => {
  const shown = (pieces: readonly string[]): string => {
    const stream = new PlainStream();
    return pieces.map((piece) => stream.push(piece)).join('');
  };
  it('shows at once what nothing can change, and of marks what they come to', () => {
    expect(shown(['Hello', ' there', ', **bo', 'ld** and', ' more\nnext'])).toBe('Hello there, bold and more\nnext');
    expect(shown(['# Ti', 'tle\n', '\n\n\ntext'])).toBe('Title\n\ntext');
    expect(shown(['one **two'])).toBe('one');
  });
  it('is the beginning of the whole, however it is cut', () => {
    const word = fc.constantFrom(
      'a',
      'b ',
      '**',
      '*',
      '\n',
      '`',
      '[x](y)',
      '- ',
      '# ',
      '😀',
      ' ',
      '<b>',
      '!',
      '1. ',
      '> ',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 25 }), (words) => {
        // A tag over two lines is taken away from the whole alone.
        const text = words.join('');
        const soFar = shown(words);
        expect(plainText(text).replaceAll(/\s+/g, ' ').startsWith(soFar.replaceAll(/\s+/g, ' ').trim())).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
