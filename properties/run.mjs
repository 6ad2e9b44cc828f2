/**
 * Runs a TypeScript file of this repository: `node properties/run.mjs properties/bench/main.ts [arguments]`.
 *
 * Node 20 cannot read types, and nothing of properties/ is part of dist/. The bundle lies within the repository, where its
 * imports of packages resolve, and every file's own `import.meta.url` is kept, so that it still finds its neighbours.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const cache = fileURLToPath(new URL('../.cache/run/', import.meta.url));
const [, , source, ...args] = process.argv;
if (source === undefined) {
  console.error('usage: node properties/run.mjs <file.ts> [arguments]');
  process.exit(2);
}

/** @type {import('esbuild').Plugin} */
const keepOwnUrl = {
  name: 'keep-own-url',
  setup: (bundler) => {
    bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const url = JSON.stringify(pathToFileURL(path).href);
      return { loader: 'ts', contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', url) };
    });
  },
};

mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(cache);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const bundle = join(folder, 'main.mjs');
await build({
  entryPoints: [source],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
  plugins: [keepOwnUrl],
});
process.argv = [process.argv[0] ?? 'node', resolve(source), ...args];
await import(pathToFileURL(bundle).href);
