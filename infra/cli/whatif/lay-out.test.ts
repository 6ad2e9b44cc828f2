import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bar, duration, number, percent, quoted, signed } from './lay-out.ts';

const width = (text: string): number =>
  Array.from(text).reduce((sum, char) => sum + (/\p{Script=Han}/u.test(char) ? 2 : 1), 0);

describe('a page of fixed width', () => {
  test('a quote fits, is on one line, and begins as the text does', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('好', 'a', ' ', '\n', '\u001b', 'é') }),
        fc.integer({ min: 8, max: 60 }),
        (text, columns) => {
          const line = quoted(text, columns);
          expect(width(line)).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/[\p{Cc}]/u);
          const bare = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
          expect(bare.startsWith(line.slice(1, -1).replace(/…$/, ''))).toBe(true);
        },
      ),
    );
  });

  test('a bar is as long as its share, and seen where there is anything', () => {
    expect(bar(0, 10)).toBe('');
    expect(bar(0.0001, 10)).toBe('▏');
    expect(bar(0.55, 10)).toBe('█████▌');
    expect(bar(1, 10)).toBe('█'.repeat(10));
  });

  test('numbers are read at a glance', () => {
    expect([number(7), number(1_234), number(1_234_567)]).toEqual(['7', '1,234', '1,234,567']);
    expect([signed(12), signed(-3_000), signed(0)]).toEqual(['+12', '−3,000', '']);
    expect([percent(1, 8), percent(0, 8), percent(0, 0)]).toEqual(['12.5 %', '', '']);
  });

  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [4_240, '4.2 s'],
    [59_949, '60 s'],
    [60_000, '1 min'],
    [80_400, '1 min 20 s'],
    [3_600_000, '1 h'],
    [11_100_000, '3 h 5 min'],
    [90_000_000, '1 d 1 h'],
  ])('%d ms are %s', (ms, said) => expect(duration(ms)).toBe(said));
});
