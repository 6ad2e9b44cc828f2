import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleKnowledge } from '../../infra/assistant/sample-knowledge.ts';
import { freePort } from '../servers/free-port.ts';
import { endRuns, kefu } from './command-line.ts';
import { embedded, type Ground } from './grounds.ts';
import { HttpClient } from './http-client.ts';
import { claimsOf, signed } from './tokens.ts';

const SECRET = 'a secret that is long enough for HS256 tokens';
const CORPUS = new URL('../knowledge/corpus/', import.meta.url);

const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const parking = { id: '停车', lang: 'zh', question: '哪里可以停车？', answer: '店后面。' };

describe('kefu kb', () => {
  let folder: string;
  let ground: Ground;
  let url: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kefu-kb-'));
    ground = await embedded.lay();
    ({ url } = await kefu(['serve'], { KEFU_PORT: '0', KEFU_SECRET: SECRET, ...ground.environment }).ready());
  });
  afterAll(async () => {
    endRuns();
    await ground.remove();
    await rm(folder, { recursive: true });
  });

  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  const run = async (...args: readonly string[]) => {
    const each = kefu(['kb', ...args], { KEFU_SECRET: SECRET, ...ground.environment });
    const code = await each.exited;
    return { code, stdout: each.stdout(), stderr: each.stderr() };
  };
  const of = (tenant: string): readonly string[] => ['--url', url, '--tenant', tenant];
  const revision = async (tenant: string): Promise<string> =>
    (await new HttpClient(url, signed(SECRET, claimsOf('agent', 'a', tenant))).get<{ revision: string }>('/v1/kb')).body
      .revision;

  test('import puts a file’s entries, export gives them back, and the same import again changes nothing', async () => {
    const path = await file('kb.ndjson', `${lines([parking])}\n${lines(sampleKnowledge.slice(0, 3))}`);
    const first = await run('import', path, ...of('one'));
    expect(first).toEqual({ code: 0, stdout: '', stderr: 'import: 1 new, 3 replaced or as they were, 0 not done\n' });
    const exported = await run('export', ...of('one'));
    expect(exported.code).toBe(0);
    const got = exported.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(got).toEqual([...sampleKnowledge, parking].toSorted((a, b) => (a.id < b.id ? -1 : 1)));
    const before = await revision('one');
    expect(await run('import', await file('again.ndjson', exported.stdout), ...of('one'))).toMatchObject({
      code: 0,
      stderr: `import: 0 new, ${sampleKnowledge.length + 1} replaced or as they were, 0 not done\n`,
    });
    expect(await revision('one')).toBe(before);
  });

  test('import into no server, or with a token that is no good there, says once what to do', async () => {
    const path = await file('some.ndjson', lines(sampleKnowledge));
    const undone = `kefu: ${sampleKnowledge.length} of ${sampleKnowledge.length} entries were not put: `;
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const nobody = await run('import', path, '--url', nowhere);
    expect(nobody.code).toBe(1);
    expect(nobody.stderr).toContain(
      `${undone}no answer from ${nowhere} (ECONNREFUSED); start the server, or say where it is with --url or KEFU_PORT\n`,
    );
    const stranger = await run('import', path, ...of('two'), '--token', 'a.b.c');
    expect(stranger.stderr).toMatch(/give an admin’s --token, or the settings with which the server signs/);
    const agent = await run('import', path, ...of('two'), '--token', signed(SECRET, claimsOf('agent', 'a', 'two')));
    expect(agent.code).toBe(1);
    expect(agent.stderr).toContain(
      'the role agent may not make this call; only an admin’s token may change the knowledge',
    );
    expect(agent.stderr).not.toMatch(/^\s+at /m);
  });

  test('import of a file that is wrong names every line and rule, and does nothing', async () => {
    const wrong = [parking, { ...parking, id: 'x', answer: 'zebra'.repeat(2_000) }, 7, parking];
    const path = await file(
      'wrong.ndjson',
      `${lines(wrong)}{no json\n${lines([{ ...parking, id: 'y', anwser: 'a' }])}`,
    );
    const { code, stderr } = await run('import', path, ...of('two'));
    expect(code).toBe(2);
    for (const line of [
      'line 2: answer: expected text of 1 to 8000 characters',
      'line 3: body: expected a JSON object',
      'line 4: id: expected one that no earlier line has',
      'line 5: expected a JSON object',
      'line 6: knows no "anwser"; expected id, lang, question, also, answer',
    ])
      expect(stderr).toContain(line);
    expect(stderr).not.toContain('zebra');
    expect(await revision('two')).not.toContain('.');
  });

  test.each([
    [['import', '/nowhere.ndjson'], 'the file cannot be read (there is no such file)'],
    [['export', '--url', 'localhost'], '--url: expected an address'],
    [['export', '--tenant', 'a b'], '--tenant: expected'],
    [['evaluate'], "required option '--queries <file>'"],
  ])('%j says what is wrong with it', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(message) as string });
  });

  test('evaluate says how well a knowledge base answers, names its mistakes and draws the curve', async () => {
    const svg = join(folder, 'curve.svg');
    const corpus = (name: string): string => new URL(name, CORPUS).pathname;
    const args = ['--kb', corpus('travel.kb.ndjson'), '--queries', corpus('travel.queries.ndjson'), '--svg', svg];
    const { code, stdout } = await run('evaluate', ...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^all +76 +\d+\.\d % +\d+\.\d % +\d+\.\d % +\d+\.\d % +24 +\d+\.\d % +\d+\.\d %$/m);
    expect(stdout).toMatch(/^zh +39 /m);
    expect(stdout).toMatch(/^Answered wrongly, the surest first \(\d+\):\n {2}0\.\d\d {2}\S+, expected \S+: \S/m);
    const drawn = await readFile(svg, 'utf8');
    expect(drawn.match(/<polyline /g)).toHaveLength(4);
    for (const label of ['answered rightly', 'answered wrongly', 'share of the questions', 'in force: 0.'])
      expect(drawn).toContain(label);
  });

  test('evaluate refuses questions that expect what is not there', async () => {
    const path = await file(
      'lost.ndjson',
      lines([
        { text: 'hi', expect: null },
        { text: 'hi', expect: 'nowhere' },
      ]),
    );
    const { code, stderr } = await run('evaluate', '--queries', path);
    expect(code).toBe(2);
    expect(stderr).toContain(
      ': line 2: expect: expected null, or the id of an entry of the built-in sample; --kb names',
    );
  });
});
