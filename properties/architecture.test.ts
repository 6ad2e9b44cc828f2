import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { entriesInPackage, entriesOf } from './architecture/entries.ts';
import {
  ambientOutsideItsPlace,
  badNames,
  deadFiles,
  filesTooLong,
  importsAgainstTheRooms,
  importsThatDoNotLoad,
  serverCodeInBrowsers,
} from './architecture/rules.ts';
import { ROOMS, readSources } from './architecture/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = readSources(root);

describe('the house', () => {
  test('has five rooms and no sixth folder', () => {
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name);
    expect(folders.filter((name) => ![...ROOMS, 'node_modules', 'dist'].includes(name))).toEqual([]);
  });

  test('imports point one way', () => expect(importsAgainstTheRooms(sources)).toEqual([]));
  test('no server code reaches a browser', () => expect(serverCodeInBrowsers(sources)).toEqual([]));
  test('fp-ts and io-ts are imported in the way that loads', () => expect(importsThatDoNotLoad(sources)).toEqual([]));
  test('no file is longer than 400 lines', () => expect(filesTooLong(sources)).toEqual([]));
  test('no file is dead', () => expect(deadFiles(sources, entriesOf(root, sources))).toEqual([]));
  test('names say what is inside', () => expect(badNames(sources)).toEqual([]));
  test('clock, chance and environment have one place each', () => expect(ambientOutsideItsPlace(sources)).toEqual([]));
});

describe('the rules see what breaks them', () => {
  const file = (path: string, text = '') => [{ path, text }];

  test.each([
    ['events/a.ts', `import { x } from '../actors/x.ts';`],
    ['events/a.ts', `import { readFile } from 'node:fs';`],
    ['events/a.ts', `import { createMachine } from 'xstate';`],
    ['actors/a.ts', `import type {\n  X,\n  Y,\n} from '../infra/x.ts';`],
    ['actors/a.ts', `export * from "../projections/x.ts";`],
    ['actors/routing.ts', `import { Redis } from 'ioredis';`],
    ['projections/a.ts', `const later = await import('../actors/x.ts');`],
    ['projections/a.ts', `import '../actors/x.ts';`],
    ['infra/a.ts', `import { arbitrary } from '../properties/arbitraries.ts';`],
    ['events/a.test.ts', `import { x } from '../infra/x.ts';`],
    ['elsewhere/a.ts', ''],
  ])('%s with %j is against the rooms', (path, text) => {
    expect(importsAgainstTheRooms(file(path, text))).toEqual([expect.stringContaining(path)]);
  });

  test.each([
    ['events/a.ts', `import * as t from 'io-ts';\nimport { pipe } from 'fp-ts/lib/function.js';`],
    ['events/a.ts', `// import { x } from '../actors/x.ts'\nconst s = "import { x } from '../actors/x.ts'";`],
    ['events/a.ts', "const s = `${f(`from '../actors/x.ts'`)} from '../actors/x.ts'`;"],
    ['events/a.ts', `const r = /['"]/; // it's fine: from '../actors/x.ts'`],
    ['actors/a.ts', `import { createMachine } from 'xstate';\nimport { x } from '../events/x.ts';`],
    ['infra/a.ts', `import { x } from '../actors/x.ts';\nimport { Redis } from 'ioredis';`],
    ['events/a.test.ts', `import { test } from 'vitest';\nimport { x } from '../properties/x.ts';`],
  ])('%s with %j is in order', (path, text) => {
    expect(importsAgainstTheRooms(file(path, text))).toEqual([]);
  });

  test('server code in a browser', () => {
    const text = `import { a } from '../backbone.ts';\nimport { b } from 'node:fs';\nimport { c } from '../../events/c.ts';\nimport { d } from '../../events/encoding/d.ts';`;
    expect(serverCodeInBrowsers(file('infra/client/a.ts', text))).toHaveLength(3);
    expect(serverCodeInBrowsers(file('infra/gateway/a.ts', text))).toEqual([]);
  });

  test.each(['fp-ts', 'fp-ts/Either', 'fp-ts/lib/Either', 'io-ts/lib/index.js', 'io-ts/Reporter'])(
    'the spelling %s',
    (name) => expect(importsThatDoNotLoad(file('events/a.ts', `import { x } from '${name}';`))).toHaveLength(1),
  );

  test('a file of 401 lines, but not one of 400', () => {
    expect(filesTooLong(file('events/a.ts', 'x\n'.repeat(401)))).toEqual([expect.stringContaining('401 lines')]);
    expect(filesTooLong(file('events/a.ts', 'x\n'.repeat(400)))).toEqual([]);
  });

  test('a dead file, but not what an entry, a test or a worker url leads to', () => {
    const some = [
      { path: 'infra/backbone.ts', text: `import './a.ts';\nnew Worker(new URL('./work.js', import.meta.url));` },
      { path: 'infra/a.ts', text: '' },
      { path: 'infra/work.ts', text: `import '../events/b.ts';` },
      { path: 'events/b.ts', text: '' },
      { path: 'events/c.test.ts', text: `import './c.ts';` },
      { path: 'events/c.ts', text: '' },
      { path: 'events/dead.ts', text: `import './a.ts';` },
    ];
    const entries = entriesInPackage('{"exports": "./dist/infra/backbone.js", "bin": "dist/infra/cli/main.js"}');
    expect(entries).toEqual(['infra/backbone.ts', 'infra/cli/main.ts']);
    expect(deadFiles(some, entries)).toEqual(['events/dead.ts: no entry point leads here']);
  });

  test.each([
    'events/utils.ts',
    'events/session-manager.ts',
    'events/common/a.ts',
    'events/camelCase.ts',
    'events/A.ts',
  ])('the name %s', (path) => expect(badNames(file(path))).toHaveLength(1));

  test.each([
    'const t = Date.now();',
    'const t = new Date();',
    'const f = Date.now;',
    'const t = performance.now();',
    'const r = Math.random();',
    `import { randomBytes } from 'node:crypto';`,
    'crypto.randomUUID();',
    'const p = process.env.PORT;',
    `const { env } = process;`,
    `import { argv, env } from 'node:process';`,
    'const s = `at ${Date.now()}`;',
  ])('the ambient %j', (text) => {
    expect(ambientOutsideItsPlace(file('infra/a.ts', text))).toHaveLength(1);
    expect(ambientOutsideItsPlace(file('properties/a.ts', text))).toEqual([]);
    expect(ambientOutsideItsPlace(file('infra/a.test.ts', text))).toEqual([]);
  });

  test('each ambient thing is allowed in its own place, and a given moment is no clock', () => {
    expect(ambientOutsideItsPlace(file('infra/clock.ts', 'Date.now()'))).toEqual([]);
    expect(ambientOutsideItsPlace(file('infra/random.ts', 'Math.random()'))).toEqual([]);
    expect(ambientOutsideItsPlace(file('infra/config.ts', 'process.env'))).toEqual([]);
    expect(ambientOutsideItsPlace(file('infra/client/ambient.ts', 'Date.now(); Math.random()'))).toEqual([]);
    expect(ambientOutsideItsPlace(file('infra/pages/console/clock.ts', 'Date.now()'))).toHaveLength(1);
    expect(ambientOutsideItsPlace(file('events/a.ts', 'new Date(atMs).toISOString(); // Date.now()'))).toEqual([]);
  });
});
