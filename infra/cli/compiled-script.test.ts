import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runScript } from './compiled-script.ts';

let folder: string;
let script: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kefu-script-'));
  script = join(folder, 'script.js');
  await writeFile(
    script,
    'exports.twice = (n) => n * 2; exports.folder = __dirname; exports.os = require("node:os").EOL;',
  );
});
afterEach(() => rm(folder, { recursive: true }));

interface Exported {
  readonly twice: (n: number) => number;
  readonly folder: string;
  readonly os: string;
}

/** Names and contents of what is kept beside the script. */
const kept = async (): Promise<ReadonlyMap<string, Buffer>> => {
  const names = (await readdir(folder)).filter((name) => name !== 'script.js').toSorted();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
};

const theOnly = async (): Promise<string> => {
  const [name, ...more] = (await kept()).keys();
  expect(more).toEqual([]);
  return join(folder, name ?? 'none');
};

const run = (): void => {
  const { exported, keep } = runScript<Exported>(script);
  expect([exported.twice(21), exported.folder]).toEqual([42, folder]);
  keep();
};

test('a script runs as a CommonJS module of its own place, and nothing is kept unless asked for', async () => {
  const { exported } = runScript<Exported>(script);
  expect([exported.twice(21), exported.folder, exported.os]).toEqual([42, folder, '\n']);
  expect([...(await kept()).keys()]).toEqual([]);
});

test('what was compiled is kept once, and used from then on', async () => {
  run();
  const before = await kept();
  expect(before.size).toBe(1);
  run();
  expect(await kept()).toEqual(before);
});

test('a form that is damaged, cut off, or of another script is compiled anew and replaced', async () => {
  run();
  const form = await theOnly();
  const whole = await readFile(form);
  const flipped = Buffer.from(whole);
  flipped[whole.length - 9] = (flipped[whole.length - 9] ?? 0) ^ 1;
  for (const wrong of [flipped, whole.subarray(0, whole.length - 100), Buffer.alloc(0)]) {
    await writeFile(form, wrong);
    run();
    expect((await readFile(form)).equals(wrong)).toBe(false);
  }
  // As long as the script was, which is all that V8 itself would look at.
  await writeFile(script, (await readFile(script, 'utf8')).replace('n * 2', 'n * 3'));
  expect(runScript<Exported>(script).exported.twice(21)).toBe(63);
});

test('where nothing can be kept, it runs all the same', async () => {
  run();
  const form = await theOnly();
  await rm(form);
  await mkdir(join(form, 'in-the-way'), { recursive: true });
  run();
  expect(await readdir(form)).toEqual(['in-the-way']);
  await rm(form, { recursive: true });
});

test('forms for other versions and flags do not grow in number without end', async () => {
  for (let version = 0; version < 6; version++) await writeFile(join(folder, `script.js.${version}.code`), 'another');
  run();
  expect((await kept()).size).toBe(1);
});
