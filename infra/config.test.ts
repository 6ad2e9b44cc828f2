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

describe('settings from a host that embeds Kefu', () => {
  test.each([
    ['secret: must be set', { host: '0.0.0.0' }],
    ['secret: expected at least 32 bytes', { secret: 'short' }],
    ['port: expected an integer from 0 to 65535', { port: 65_536 }],
    ['port: expected an integer from 0 to 65535', { port: Number.NaN }],
  ])('are held to the same rules: %s', async (flaw, given) => {
    const refused = await startKefu(configure({ port: 0, ...given })).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(WrongSettings);
    expect(String(refused)).toContain(flaw);
  });
  test('that are none are named', () => {
    expect(() => configure({ prot: 1 } as object)).toThrow(
      /prot: there is no such setting; expected one of host, port/,
    );
  });
});

describe('the endpoint for embeddings', () => {
  const url = 'http://127.0.0.1:9000/v1';
  test('is off until it is named', () => expect(readConfig({}).embeddings).toBeUndefined());
  test('is an address and a model, with a key or without', () => {
    const environment = { KEFU_EMBEDDINGS_URL: url, KEFU_EMBEDDINGS_MODEL: 'm' };
    expect(readConfig(environment).embeddings).toEqual({ url, key: undefined, model: 'm' });
    expect(readConfig({ ...environment, KEFU_EMBEDDINGS_KEY: 'k' }).embeddings).toEqual({ url, key: 'k', model: 'm' });
  });
  test.each([
    ['KEFU_EMBEDDINGS_MODEL', { KEFU_EMBEDDINGS_URL: url }],
    ['KEFU_EMBEDDINGS_MODEL', { KEFU_EMBEDDINGS_MODEL: 'm' }],
    ['KEFU_EMBEDDINGS_URL', { KEFU_EMBEDDINGS_URL: 'nowhere', KEFU_EMBEDDINGS_MODEL: 'm' }],
    ['KEFU_EMBEDDINGS_KEY', { KEFU_EMBEDDINGS_KEY: 'k' }],
  ])('half of one is a mistake, named %s', (variable, environment) => {
    expect(() => readConfig({ ...environment })).toThrow(new RegExp(`^ {2}${variable}: `, 'm'));
  });
});
