import { describe, expect, test } from 'vitest';
import { VirtualAmbient } from '../../../properties/client/virtual-ambient.ts';
import { KefuOutboxFull, KefuRefusal, KefuStopped } from '../../client/index.ts';
import { sayFailure } from './failure-words.ts';
import { sends } from './sends.ts';
import { TypingSignal } from './typing-signal.ts';

describe('Enter', () => {
  const key = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 };
  test.each([
    ['sends', key, true],
    ['with Shift makes a new line', { ...key, shiftKey: true }, false],
    ['that ends a composition does not send', { ...key, isComposing: true }, false],
    ['that ends a composition does not send, in Safari', { ...key, keyCode: 229 }, false],
  ])('%s', (_, pressed, expected) => expect(sends(pressed)).toBe(expected));
  test('is not any other key', () => expect(sends({ ...key, key: 'a' })).toBe(false));
});

test('typing is told every three seconds, and its end once', async () => {
  const ambient = new VirtualAmbient();
  const told: boolean[] = [];
  const signal = new TypingSignal((on) => told.push(on), ambient);
  for (let keys = 0; keys < 40; keys += 1) {
    signal.typed();
    await ambient.pass(100);
  }
  expect(told).toEqual([true, true]);
  await ambient.pass(4_000);
  expect(told).toEqual([true, true, false]);
  signal.stopped();
  signal.typed();
  signal.stopped();
  await ambient.pass(10_000);
  expect(told).toEqual([true, true, false, true, false]);
});

describe('a failure is said in the reader’s language', () => {
  const refusal = (code: string, reason?: string) => new KefuRefusal({ code, reason, message: 'assigned to bob' });
  test.each([
    [refusal('refused', 'already_assigned'), 'zh', '会话已由其他客服接待。'],
    [refusal('refused', 'already_assigned'), 'en', 'Assigned to bob.'],
    [refusal('refused', 'a_new_reason'), 'zh', 'Assigned to bob.'],
    [refusal('unavailable'), 'en', 'The service is not available right now. Please try again shortly.'],
    [new KefuStopped('token_expired', ''), 'zh', '登录已过期，请重新登录。'],
    [new KefuOutboxFull(2), 'zh', '待发送的消息太多，请等待网络恢复。'],
    [new TypeError('Failed to fetch'), 'en', 'The server cannot be reached. Please check your connection.'],
  ] as const)('%s in %s: %s', (error, language, said) => expect(sayFailure(error, language)).toBe(said));
});
