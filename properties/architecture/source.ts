/** The repository's source files, as the architecture rules see them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Source {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export const ROOMS = ['events', 'actors', 'projections', 'infra', 'properties'] as const;

export type Room = (typeof ROOMS)[number];

export const roomOf = (path: string): Room | undefined => ROOMS.find((room) => path.startsWith(`${room}/`));

export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

/** What runs in a browser, and so has none of Node's things. */
export const isBrowser = (path: string): boolean => /^infra\/(client|pages)\//.test(path);

const filesBelow = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder))
    .toSorted()
    .flatMap((name) => {
      const path = `${folder}/${name}`;
      return statSync(join(root, path)).isDirectory() ? filesBelow(root, path) : [path];
    });

export const readSources = (root: string): readonly Source[] =>
  ROOMS.filter((room) => existsSync(join(root, room)))
    .flatMap((room) => filesBelow(root, room))
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
