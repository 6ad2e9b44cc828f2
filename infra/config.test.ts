import { describe, expect, test } from 'vitest';
import { configure, startKefu } from './backbone.ts';
import { readConfig, WrongSettings } from './config.ts';

describe('the deadlines that sessions are opened under', () => {
  test('are ten seconds for the assistant, two minutes for a person, a day of silence', () => {
    expect(readConfig({}).deadlines).toEqual({
      assistantReplyMs: 10_000,
      firstResponseMs: 120_000,
      idleCloseMs: 86_400_000,
    });
  });
  test('are each set by a variable, and 0 leaves one out', () => {
    const environment = { KEFU_DEADLINE_ASSISTANT_MS: '0', KEFU_DEADLINE_FIRST_RESPONSE_MS: '5000' };
    expect(readConfig(environment).deadlines).toEqual({ firstResponseMs: 5_000, idleCloseMs: 86_400_000 });
  });
  test.each(['-1', '1.5', '1e9', 'soon', '999999999999999'])('cannot be %s', (value) => {
    expect(() => readConfig({ KEFU_DEADLINE_IDLE_CLOSE_MS: value })).toThrow(/KEFU_DEADLINE_IDLE_CLOSE_MS/);
  });
  test('that could not be read back are refused from a host as well, before anything is opened', async () => {
    for (const idleCloseMs of [0, -1, 0.5, Number.NaN])
      await expect(startKefu(configure({ deadlines: { idleCloseMs } }))).rejects.toBeInstanceOf(WrongSettings);
  });
});
