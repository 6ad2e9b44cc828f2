import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configure, startKefu } from '../backbone.ts';
import { readConfig, WrongSettings } from '../config.ts';
import { assistantSettings } from './assistant-settings.ts';
import { builtInWords } from './built-in-words.ts';
import { policiesIn } from './load-policies.ts';
import { loadWords } from './load-words.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kefu-settings-'));
});
afterAll(() => rm(folder, { recursive: true }));

const file = async (text: string | Uint8Array): Promise<string> => {
  const path = join(folder, `${Math.random()}`);
  await writeFile(path, text);
  return path;
};
const flawsOf = async (work: () => unknown): Promise<readonly string[]> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof WrongSettings) return error.wrong;
    throw error;
  }
  return [];
};

describe('the settings for a model', () => {
  test('are three that belong together', () => {
    expect(readConfig({}).model).toBeUndefined();
    const environment = { KEFU_LLM_URL: 'http://127.0.0.1:11434/v1', KEFU_LLM_MODEL: 'small' };
    expect(readConfig(environment)).toMatchObject({
      model: { url: 'http://127.0.0.1:11434/v1', model: 'small' },
      assistantBudgetMs: 3_000,
    });
  });
  test('are all named when they are wrong, without what they say', async () => {
    const environment = {
      KEFU_LLM_URL: 'ftp://mallory:hunter2@host',
      KEFU_LLM_KEY: 'has spaces',
      KEFU_LLM_BUDGET_MS: '5',
    };
    const flaws = await flawsOf(() => readConfig(environment));
    expect(flaws.map((flaw) => flaw.split(':')[0] ?? '').toSorted()).toEqual([
      'KEFU_LLM_BUDGET_MS',
      'KEFU_LLM_KEY',
      'KEFU_LLM_MODEL',
      'KEFU_LLM_URL',
    ]);
    for (const secret of ['mallory', 'hunter2', 'has spaces']) expect(flaws.join(' ')).not.toContain(secret);
    expect(await flawsOf(() => readConfig({ KEFU_LLM_KEY: 'k', KEFU_LLM_MODEL: 'm' }))).toHaveLength(2);
  });
  test('must leave the deadline behind the budget, also from a host', async () => {
    const environment = { KEFU_LLM_URL: 'http://h/v1', KEFU_LLM_MODEL: 'm', KEFU_LLM_BUDGET_MS: '10000' };
    expect(await flawsOf(() => readConfig(environment))).toEqual([
      'KEFU_LLM_BUDGET_MS: expected less than KEFU_DEADLINE_ASSISTANT_MS, which is 10000',
    ]);
    expect(readConfig({ ...environment, KEFU_DEADLINE_ASSISTANT_MS: '0' }).assistantBudgetMs).toBe(10_000);
    const config = configure({ model: { url: 'http://h/v1', key: undefined, model: 'm' }, assistantBudgetMs: 20_000 });
    await expect(startKefu(config)).rejects.toBeInstanceOf(WrongSettings);
  });
});

describe('a list of sensitive words', () => {
  test('is one word a line', async () => {
    expect(await loadWords(await file('\ufeffone\r\n\n  two words \none\n'))).toEqual(['one', 'two words']);
  });
  test('names the lines that are wrong, and never the words', async () => {
    const path = await file(`fine\n***\n${'x'.repeat(65)}\n`);
    const flaws = await flawsOf(() => loadWords(path));
    expect(flaws).toEqual([
      'KEFU_SENSITIVE_WORDS line 2: expected a word with a letter or a digit in it',
      'KEFU_SENSITIVE_WORDS line 3: expected at most 64 characters',
    ]);
    expect(await flawsOf(async () => loadWords(await file(Uint8Array.of(0x61, 0xff))))).toEqual([
      'KEFU_SENSITIVE_WORDS line 1: expected UTF-8',
    ]);
    expect(await flawsOf(() => loadWords(join(folder, 'none')))).toEqual([
      'KEFU_SENSITIVE_WORDS: the file cannot be read (ENOENT)',
    ]);
  });
  test('is the built-in one where none is named', async () => {
    const { filter } = await assistantSettings(configure());
    expect(filter.size).toBe(builtInWords.length);
  });
});

describe('a policy file', () => {
  test('is for everybody, with what is otherwise for single tenants', () => {
    const { everybody, tenants } = policiesIn('{"default":{"sureFrom":0.7},"tenants":{"acme":{"onUnsure":"model"}}}');
    expect([everybody, tenants.get('acme')]).toEqual([{ sureFrom: 0.7 }, { onUnsure: 'model' }]);
  });
  test.each([
    ['[]', 'KEFU_ASSISTANT_POLICY: expected a JSON object'],
    ['{', 'KEFU_ASSISTANT_POLICY: expected JSON'],
    ['{"defaults":{}}', /knows no "defaults"; expected one of default, tenants/],
    ['{"default":{"sureForm":1}}', /KEFU_ASSISTANT_POLICY default: knows no "sureForm"/],
    ['{"default":{"sureFrom":2}}', 'KEFU_ASSISTANT_POLICY default.sureFrom: expected a number from 0 to 1'],
    [
      '{"tenants":{"acme":{"on403":"shout"}}}',
      'KEFU_ASSISTANT_POLICY tenants.acme.on403: expected one of handoff, say',
    ],
    ['{"tenants":{"no name":{}}}', /KEFU_ASSISTANT_POLICY tenants: expected names/],
  ])('that is %s is refused with place and rule', async (text, flaw) => {
    const [first] = await flawsOf(() => policiesIn(text));
    expect(first).toMatch(flaw);
  });
});
