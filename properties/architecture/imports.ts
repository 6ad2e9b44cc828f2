/** What a file imports, in every way a file can. */
import { posix } from 'node:path';
import { maskNonCode } from './mask.ts';
import type { Source } from './source.ts';

/** Each ends right before the quote that opens the specifier; a clause may span lines. */
const BEFORE_SPECIFIER = [
  /\bfrom\s*(?=['"])/g,
  /\bimport\s*(?=['"])/g,
  /\bimport\s*\(\s*(?=['"`])/g,
  /\bnew\s+URL\(\s*(?=['"])/g,
];

/** The specifiers of static and dynamic imports, re-exports, and `new URL(…, import.meta.url)`. */
export const importsOf = (text: string): readonly string[] => {
  const masked = maskNonCode(text);
  const found: string[] = [];
  for (const pattern of BEFORE_SPECIFIER) {
    for (const match of masked.matchAll(pattern)) {
      const open = match.index + match[0].length;
      const close = masked.indexOf(masked[open] ?? '', open + 1);
      const specifier = text.slice(open + 1, close);
      const isUrl = match[0].startsWith('new');
      if (
        !isUrl ||
        (/^\.\.?\/.*\.(js|ts|mjs)$/.test(specifier) && /^.\s*,\s*import\.meta\.url/.test(masked.slice(close)))
      ) {
        found.push(specifier);
      }
    }
  }
  return found;
};

/** The repository path a relative specifier means; undefined for a package. */
export const resolveImport = (from: string, specifier: string): string | undefined =>
  specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;

/** `@scope/name/deep` is of `@scope/name`; Node's own are all of `node:`. */
export const packageOf = (specifier: string): string => {
  if (specifier.startsWith('node:')) return 'node:';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
};

/** Every file reachable from the entries. A worker is named by the `.js` it will be. */
export const reachable = (sources: readonly Source[], entries: readonly string[]): ReadonlySet<string> => {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const seen = new Set<string>();
  const queue = [...entries];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const source = byPath.get(path) ?? byPath.get(path.replace(/\.js$/, '.ts'));
    if (source === undefined || seen.has(source.path)) continue;
    seen.add(source.path);
    for (const specifier of importsOf(source.text)) queue.push(resolveImport(source.path, specifier) ?? '');
  }
  return seen;
};
