import { describe, expect, test } from 'vitest';
import { analyse } from './analysis.ts';
import { Spelling } from './spelling.ts';
import { stem } from './stem.ts';

const groupsOf = (text: string): readonly string[] => [...analyse(text).groups].toSorted();

describe('what a text says', () => {
  test.each([
    ['钱什么时候退给我', ['#refund', '#when']],
    ['多久能退款', ['#refund', '#when']],
    ['寄到你们那要多少运费', ['#howmuch', '#shipfee']],
    ['i want to send it back', ['#return']],
    ['please give me my money back', ['#refund', '#return']],
    ['Where can I see my parcel?', ['#parcel', '#where']],
  ])('%s is about %j', (text, groups) => expect(groupsOf(text)).toEqual(expect.arrayContaining(groups)));

  test('a longer phrase hides the shorter one within it', () => {
    expect(groupsOf('退货')).not.toContain('#goods');
    expect(groupsOf('取消订阅')).toContain('#stopsub');
    expect(groupsOf('取消订阅')).not.toContain('#cancel');
  });

  test.each(['我想请问一下', 'can you please tell me', '', '？！…', '🙂'])('%j says nothing', (text) => {
    expect(analyse(text).units).toEqual([]);
  });

  test('full width, case and punctuation make no difference', () =>
    expect(analyse('ＶＰＮ，怎么用').forms).toEqual(analyse('vpn 怎么用?').forms));

  test('with or without the apostrophe it is the same', () => {
    expect(analyse("it doesn't work").forms).toEqual(analyse('it doesnt work').forms);
    expect(analyse('what’s broken').forms).toEqual(analyse('whats broken').forms);
  });

  test('small talk is told from matter', () => {
    expect(analyse('今天天气怎么样').elsewhere).toEqual([['天气']]);
    expect(analyse('退货').elsewhere).toEqual([]);
  });

  test('however long, it is looked at within a bound', () =>
    expect(analyse('退货 parcel '.repeat(5_000)).units.length).toBeLessThanOrEqual(160));
});

describe('stems', () => {
  test.each([
    ['return', 'returns', 'returned', 'returning'],
    ['cancel', 'cancels', 'cancelled', 'cancelling', 'canceled'],
    ['ship', 'ships', 'shipped', 'shipping'],
    ['delivery', 'deliveries'],
    ['exchange', 'exchanges', 'exchanged', 'exchanging'],
    ['address', 'addresses'],
  ])('%s and its forms meet', (...words) => expect(new Set(words.map(stem)).size).toBe(1));

  test.each([['status'], ['bus'], ['thing'], ['red'], ['this']])('%s is not cut', (word) =>
    expect(stem(word)).toBe(word),
  );
});

describe('spelling', () => {
  const spelling = new Spelling();
  for (const word of ['return', 'refund', 'parcel']) spelling.add(word);

  test.each([
    ['retrun', 'return'],
    ['retun', 'return'],
    ['returrn', 'return'],
    ['retarn', 'return'],
    ['refnud', 'refund'],
    ['pardcl', undefined],
    ['garcel', undefined],
    ['table', undefined],
  ])('%s is meant to be %s', (wrong, right) => expect(spelling.mend(wrong)).toBe(right));

  test('forgets what is deleted', () => {
    spelling.delete('parcel');
    expect(spelling.mend('parcle')).toBeUndefined();
  });
});
