import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, type ExpectStatic, test } from 'vitest';
import { freePort } from '../servers/free-port.ts';
import { endRuns, kefu } from './command-line.ts';
import { embedded, type Ground } from './grounds.ts';
import { oldNats } from './old-nats.ts';
import { anyText } from './shapes.ts';

const WRONG_SETTING = 2;
const DEPENDENCY = 3;
const SHORT = 'too-short-to-be-a-secret';
const SECRET = 'a secret that is long enough for HS256 tokens';

let ground: Ground;
let taken: Server;
beforeAll(async () => {
  ground = await embedded.lay();
  taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(async () => {
  endRuns();
  taken.close();
  await ground.remove();
});

const portOf = (server: Server): number => (server.address() as { port: number }).port;

describe.concurrent('kefu serve, when it cannot start,', () => {
  /** Runs it to its end: one message that holds all of `words`, and nothing that only a programmer could read. */
  const refusesToStart = async (
    expect: ExpectStatic,
    environment: Record<string, string>,
    exitCode: number,
    words: readonly (string | RegExp)[],
  ): Promise<string> => {
    const KEFU_DATA_DIR = join(ground.config.dataDir, randomUUID());
    const run = kefu(['serve'], { KEFU_PORT: '0', KEFU_DATA_DIR, ...environment });
    expect({ code: await run.exited, stderr: run.stderr() }).toEqual({ code: exitCode, stderr: anyText });
    const message = run.stderr();
    expect(message).toMatch(/^kefu: /);
    for (const word of words) expect(message).toMatch(word);
    expect(message).not.toMatch(/^\s+at /m);
    expect(run.stdout()).not.toContain('"msg":"ready"');
    return message;
  };

  test('names every wrong setting in one message, and never a secret', async ({ expect }) => {
    const environment = {
      KEFU_PORT: '99999',
      KEFU_NATS_URL: 'http://127.0.0.1/',
      KEFU_REDIS_URL: 'localhost',
      KEFU_SECRET: SHORT,
      KEFU_SHARDS: '0',
      KEFU_LOG_LEVEL: 'loud',
      KEFU_LIMIT_SOCKETS: '-1',
      KEFU_WORKERS: 'many',
    };
    const names = Object.keys(environment).map((name) => new RegExp(`^ {2}${name}: `, 'm'));
    const message = await refusesToStart(expect, environment, WRONG_SETTING, names);
    expect(message.trim().split('\n')).toHaveLength(1 + names.length);
    expect(message).not.toContain(SHORT);
  });

  test('says that a secret must be set where others can reach it', ({ expect }) =>
    refusesToStart(expect, { KEFU_HOST: '0.0.0.0' }, WRONG_SETTING, [/KEFU_SECRET: .*KEFU_HOST/]));

  test('says that a secret is too short', ({ expect }) =>
    refusesToStart(expect, { KEFU_SECRET: SHORT }, WRONG_SETTING, [/KEFU_SECRET: expected at least 32 bytes/]));

  test('says that more workers than one need NATS and Redis', ({ expect }) =>
    refusesToStart(expect, { KEFU_WORKERS: '2' }, WRONG_SETTING, [/KEFU_WORKERS: /]));

  test('names the port that is in use', ({ expect }) =>
    refusesToStart(expect, { KEFU_PORT: String(portOf(taken)) }, WRONG_SETTING, [
      `:${portOf(taken)} is in use`,
      'KEFU_PORT',
    ]));

  test('names the address that this machine does not have', ({ expect }) =>
    refusesToStart(expect, { KEFU_HOST: '203.0.113.1', KEFU_SECRET: SECRET }, WRONG_SETTING, [
      '203.0.113.1',
      'KEFU_HOST',
    ]));

  test('names the file of the knowledge base that is not there', ({ expect }) =>
    refusesToStart(expect, { KEFU_KB: '/nowhere/faq.ndjson' }, WRONG_SETTING, [/KEFU_KB: .*ENOENT/]));

  test('names the lines of the knowledge base that are wrong', async ({ expect }) => {
    const file = join(ground.config.dataDir, 'faq.ndjson');
    const entry = { id: 'a', lang: 'en', question: 'Who?', answer: 'We.' };
    const lines = [entry, { ...entry, id: 7 }, entry].map((each) => JSON.stringify(each));
    await writeFile(file, [...lines, 'zebra'].join('\n'));
    const words = [/line 2: id: expected/, /line 3: id: expected/, /line 4: expected a JSON object/];
    const message = await refusesToStart(expect, { KEFU_KB: file }, WRONG_SETTING, words);
    expect(message).not.toContain('zebra');
  });

  test('names the data folder that is none', async ({ expect }) => {
    const file = join(ground.config.dataDir, 'a-file');
    await writeFile(file, '');
    await refusesToStart(expect, { KEFU_DATA_DIR: file }, DEPENDENCY, ['KEFU_DATA_DIR', file]);
    const below = join(file, 'below');
    await refusesToStart(expect, { KEFU_DATA_DIR: below, KEFU_SECRET: SECRET }, DEPENDENCY, ['KEFU_DATA_DIR', file]);
  });

  test('names the NATS server that it cannot reach, without its password', async ({ expect }) => {
    const url = `nats://kefu:hush@127.0.0.1:${await freePort()}`;
    const message = await refusesToStart(expect, { KEFU_NATS_URL: url }, DEPENDENCY, ['NATS', /127\.0\.0\.1:\d+/]);
    expect(message).not.toContain('hush');
  });

  test('names the Redis server that it cannot reach, without its password', async ({ expect }) => {
    const url = `redis://kefu:hush@127.0.0.1:${await freePort()}`;
    const message = await refusesToStart(expect, { KEFU_REDIS_URL: url }, DEPENDENCY, ['Redis', /127\.0\.0\.1:\d+/]);
    expect(message).not.toContain('hush');
  });

  test('names the NATS server that is too old, and the version it needs', async ({ expect }) => {
    const old = await oldNats('2.9.10');
    await refusesToStart(expect, { KEFU_NATS_URL: old.url }, DEPENDENCY, ['2.9.10', '2.12']);
    await old.close();
  });

  test('says that another server has the data folder', async ({ expect }) => {
    const own = await embedded.lay();
    const first = kefu(['serve'], { KEFU_PORT: '0', ...own.environment });
    await first.ready();
    await refusesToStart(expect, own.environment, DEPENDENCY, [own.config.dataDir]);
    first.signal('SIGTERM');
    expect(await first.exited).toBe(0);
    // With the first gone, the folder is free at once.
    const second = kefu(['serve'], { KEFU_PORT: '0', ...own.environment });
    await second.ready();
    second.signal('SIGKILL');
    await second.exited;
    const third = kefu(['serve'], { KEFU_PORT: '0', ...own.environment });
    await third.ready();
    third.signal('SIGTERM');
    expect(await third.exited).toBe(0);
    await own.remove();
  });
});

describe.concurrent('kefu, used wrongly,', () => {
  test.for([
    [['banana'], 'banana'],
    [['serve', '--port', '80'], '--port'],
    [['token', '--role', 'agent'], '--sub'],
    [['token', '--role', 'emperor', '--sub', 'norton'], '--role'],
    [['token', '--role', 'assistant', '--sub', 'me'], '--role'],
    [['token', '--role', 'agent', '--sub', 'alice', '--tenant', 'a b'], '--tenant'],
    [['token', '--role', 'agent', '--sub', 'alice', '--ttl', 'soon'], '--ttl'],
  ] as const)('as %j says so and exits with 2', async ([args, word], { expect }) => {
    const run = kefu(args, ground.environment);
    expect({ code: await run.exited, stderr: run.stderr() }).toMatchObject({ code: WRONG_SETTING });
    expect(run.stderr()).toContain(word);
    expect(run.stderr()).not.toMatch(/^\s+at /m);
    expect(run.stdout()).toBe('');
  });

  test('says how with --help', async ({ expect }) => {
    const run = kefu(['--help']);
    expect(await run.exited).toBe(0);
    for (const command of ['serve', 'token', 'replay']) expect(run.stdout()).toContain(command);
  });
});
