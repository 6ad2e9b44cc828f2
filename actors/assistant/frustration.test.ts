import { describe, expect, it } from 'vitest';
import { isFrustrated } from './frustration.ts';

const alone = (text: string): boolean => isFrustrated({ texts: [text], turns: [] });

describe('a visitor who loses patience', () => {
  it.each([
    '你们这是什么破客服',
    '答非所问!',
    '我都说了八百遍了',
    '气死我了',
    '机器人太差了吧',
    'This is ridiculous',
    "You're not listening!",
    'What a useless bot',
    'I am so frustrated with this',
    'stop wasting my time',
    'WHERE IS MY ORDER???',
  ])('is noticed: %s', (text) => {
    expect(alone(text)).toBe(true);
  });
  it('is noticed when they say the same for the third time', () => {
    const turns = [
      { role: 'visitor', text: '我的订单呢' },
      { role: 'assistant', text: '…' },
      { role: 'visitor', text: '我的订单呢？' },
    ] as const;
    expect(isFrustrated({ texts: ['我的订单呢!'], turns })).toBe(true);
    expect(isFrustrated({ texts: ['我的退款呢'], turns })).toBe(false);
  });
});

describe('somebody who only asks', () => {
  it.each([
    '怎么投诉商家?',
    '这个破了可以换吗',
    '垃圾袋多少钱',
    '客服几点上班',
    'How do I complain about a seller?',
    'Is this bag useless in the rain?',
    'It does not help my cough, can I return it?',
    'OK THANKS!!',
    'ok',
    '',
  ])('is not taken for one: %s', (text) => {
    expect(alone(text)).toBe(false);
  });
});
