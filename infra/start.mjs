/**
 * `npm start`: builds when a source is newer than dist/, then serves in this same process, which so gets every signal.
 * (The script says `exec` because the shell that npm starts would otherwise die of a SIGTERM without passing it on.)
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/infra/cli/main.js');
const SOURCES = [
  'actors',
  'events',
  'projections',
  'infra',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsconfig.browser.json',
];

/**
 * The newest modification below a path, folders included: a file taken away changes its folder.
 * @param {string} path
 * @returns {number}
 */
const newestMs = (path) => {
  if (!existsSync(path) || /\.test\.tsx?$/.test(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
};

const isStale = () => {
  if (!existsSync(main)) return true;
  const builtMs = statSync(join(root, 'dist')).mtimeMs;
  return SOURCES.some((source) => newestMs(join(root, source)) > builtMs);
};

try {
  if (isStale()) await (await import('./build.mjs')).buildDist();
  process.argv = [process.argv[0] ?? 'node', main, 'serve', ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
} catch (error) {
  process.stderr.write(`kefu: could not start: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
