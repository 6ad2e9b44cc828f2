import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runScript } from './compiled-script.ts';
import { traceSources } from './source-traces.ts';

const own = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
let folder: string;
let script: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kefu-traces-'));
  script = join(folder, 'built.js');
  const source = join(folder, 'thrower.ts');
  await writeFile(
    source,
    "interface Unused { a: 1 }\n\nexport const fail = (): never => {\n  throw new Error('on purpose');\n};\n",
  );
  await build({
    entryPoints: [source],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minifyWhitespace: true,
    sourcemap: true,
  });
});
afterEach(async () => {
  if (own === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
  else Object.defineProperty(Error, 'prepareStackTrace', own);
  await rm(folder, { recursive: true });
});

const traceOf = (): string => {
  const { exported } = runScript<{ readonly fail: () => void }>(script);
  try {
    exported.fail();
  } catch (error) {
    return (error as Error).stack ?? '';
  }
  return 'it did not fail';
};

test('a trace names the source’s line and column, and other files as they are', () => {
  traceSources(script);
  const lines = traceOf().split('\n');
  expect(lines[0]).toBe('Error: on purpose');
  expect(lines[1]).toMatch(/^ {4}at (Object\.)?fail \(.*\/thrower\.ts:4:9\)$/);
  expect(lines.slice(2).join('\n')).toContain('source-traces.test.ts');
});

test('without the map, a trace names the script', async () => {
  await rm(`${script}.map`);
  traceSources(script);
  expect(traceOf()).toMatch(/at (Object\.)?fail \(.*\/built\.js:\d+:\d+\)/);
});
