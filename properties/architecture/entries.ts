/** Where execution can begin: what the package offers, what its scripts and configuration run, pages and benchmarks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from './source.ts';

const PATH_IN_ROOM = /\b(?:events|actors|projections|infra|properties)\/[\w./-]+\.(?:ts|tsx|mjs)\b/g;

const BUILT = /"\.\/?dist\/([\w./-]+)\.js"|"dist\/([\w./-]+)\.js"/g;

/** Whatever package.json names: built files in exports and bin, and files its scripts run. */
export const entriesInPackage = (packageJson: string): readonly string[] => [
  ...[...packageJson.matchAll(BUILT)].map((match) => `${match[1] ?? match[2] ?? ''}.ts`),
  ...[...packageJson.matchAll(PATH_IN_ROOM)].map((match) => match[0]),
];

const isStartedByItself = (path: string): boolean =>
  /^infra\/pages\/[^/]+\/main\.tsx$/.test(path) ||
  /^properties\/bench\/([^/]+\/)*main\.ts$/.test(path) ||
  path === 'properties/run.mjs';

export const entriesOf = (root: string, sources: readonly Source[]): readonly string[] => {
  const configuration = readFileSync(join(root, 'vitest.config.ts'), 'utf8');
  return [
    ...entriesInPackage(readFileSync(join(root, 'package.json'), 'utf8')),
    ...[...configuration.matchAll(PATH_IN_ROOM)].map((match) => match[0]),
    ...sources.map(({ path }) => path).filter(isStartedByItself),
  ];
};
