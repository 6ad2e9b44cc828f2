import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutPersonalData } from './personal-data.ts';

describe('personal data', () => {
  test.each([
    ['write to li.lei+shop@example.com, please', 'write to [email], please'],
    ['邮箱是lilei@example.com.cn。', '邮箱是[email]。'],
    ['我的手机号13812345678，谢谢', '我的手机号[phone]，谢谢'],
    ['手机 １３８１２３４５６７８', '手机 [phone]'],
    ['138 1234 5678', '[phone]'],
    ['+86 138-1234-5678', '[phone]'],
    ['call (415) 555-0132 or 415.555.0132', 'call [phone] or [phone]'],
    ['call 707-944-2380 today', 'call [phone] today'],
    ['电话010-62560009。', '电话[phone]。'],
    ['打52857658订位', '打[phone]订位'],
    ['+44 20 7946 0958', '[phone]'],
    ['my card 4111 1111 1111 1111 was charged', 'my card [card] was charged'],
    ['卡号6222020000000000018', '卡号[card]'],
    ['5500-0000-0000-0004', '[card]'],
    ['身份证11010519491231002X', '身份证[id]'],
    ['身份证 440524188001010014', '身份证 [id]'],
    ['where is order 48213?', 'where is order [order]?'],
    ['Order no. KF-2026-0017 please', 'Order no. [order] please'],
    ['my order number is #A4821', 'my order number is #[order]'],
    ['订单号：20261123000017，还没到', '订单号：[order]，还没到'],
    ['运单SF1234567890123到哪了', '运单[order]到哪了'],
    ['it says KF20261123001', 'it says [order]'],
    ['编号 9900112233445', '编号 [order]'],
  ])('%j becomes %j', (text, without) => expect(withoutPersonalData(text)).toBe(without));

  test.each([
    'on 2026-11-23 at 19:30, or 23.11.2026',
    '2026/11/23 18:30到货，20261123也行',
    '营业时间是周一-周日6:00-22:30。',
    '最低价格是700-800元，满1000-2000元减50',
    '人均消费500-1000元，押金100000元，总共¥20000000',
    'it costs 1,299.00 or 12999.50 dollars, 29 % off',
    'iPhone 15 Pro, model A380, size 42',
    'flight at 8:35, gate B12, row 31',
    'I placed an order on 2026-11-20.',
    '订单到了吗？',
    'the 1st of March, 1998',
    '[email] [phone] [card] [order] [id]',
  ])('%j stays', (text) => expect(withoutPersonalData(text)).toBe(text));

  const words = fc.string({ unit: fc.constantFrom('好', '的', 'a', 'b', ' ', '。', ',', '?', '\n') });
  const digits = (length: number) =>
    fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: length, maxLength: length });
  /** What is said before and after does not touch the number, as people set it apart. */
  const around = fc.tuple(words, words).map(([before, after]) => [`${before}：`, `。${after}`] as const);

  test('no mobile number, card or address is seen, whatever stands around it', () => {
    const luhn = digits(15).map((head) => `4${head.slice(1)}${checkDigit(`4${head.slice(1)}`)}`);
    const mobile = fc.tuple(fc.constantFrom('13', '15', '18', '19'), digits(9)).map((parts) => parts.join(''));
    const email = fc
      .tuple(digits(5), fc.constantFrom('example.com', 'mail.example.cn'))
      .map(([name, host]) => `u${name}@${host}`);
    fc.assert(
      fc.property(fc.oneof(luhn, mobile, email), around, (secret, [before, after]) => {
        const without = withoutPersonalData(before + secret + after);
        expect(without).not.toContain(secret);
        expect(without).toMatch(/\[(?:card|phone|email|order|id)\]/);
      }),
    );
  });

  test('what has neither digits nor an at sign stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        fc.pre(!/[0-9０-９@＠]/.test(text));
        expect(withoutPersonalData(text)).toBe(text);
      }),
    );
  });

  test('a text without personal data has none to take away', () => {
    const piece = fc.oneof(
      words,
      digits(3),
      digits(8),
      digits(11),
      digits(16),
      fc.constantFrom('order ', '#', 'a@b.cn', '-', '+'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const once = withoutPersonalData(pieces.join(''));
        expect(withoutPersonalData(once)).toBe(once);
      }),
    );
  });

  test('a long text of any kind is done in a moment', () => {
    for (const unit of ['1', 'a', '1-', 'a1', 'a@', '1 ', '#', 'order ', 'a.', '-']) {
      const startedAt = performance.now();
      withoutPersonalData(unit.repeat(8_000 / unit.length));
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    }
  });
});

const checkDigit = (head: string): string => {
  const sum = Array.from(`${head}0`)
    .toReversed()
    .map((digit, index) => (index % 2 === 0 ? Number(digit) : Number(digit) * 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return String((10 - (sum % 10)) % 10);
};
