/** The pages as the server serves them: built, and not older than their sources. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDist } from '../../infra/build.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['infra/pages', 'infra/client', 'events'];
const PAGES = ['demo', 'console', 'widget'];

const newestMs = (path: string): number => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
};

/** To be awaited before the server is imported, which looks for its pages once. */
export const pagesAreBuilt = async (): Promise<void> => {
  const sourceMs = Math.max(...SOURCES.map((path) => newestMs(join(root, path))));
  const isFresh = PAGES.every((page) => {
    const built = join(root, 'dist/infra/pages', page, 'main.js');
    return existsSync(built) && statSync(built).mtimeMs >= sourceMs;
  });
  if (!isFresh) await buildDist();
};
