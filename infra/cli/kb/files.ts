/** Files that commands are given: read whole, or told what is wrong. */
import { readFile } from 'node:fs/promises';
import type { Line, Lines } from '../../assistant/knowledge-lines.ts';
import { WrongUsage } from '../exit.ts';

/** Wrong lines that are named; a file of the wrong kind has one in every line. */
const NAMED_MAX = 20;

/** Throws {@link WrongUsage} that names each wrong line and its rule. */
export const readLines = async <A>(file: string, parse: (text: string) => Lines<A>): Promise<readonly Line<A>[]> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : (error.code ?? 'unknown error');
    throw new WrongUsage(`${file}: the file cannot be read (${why})`);
  });
  const { lines, wrong } = parse(text);
  if (wrong.length === 0) return lines;
  const more = wrong.length > NAMED_MAX ? [`and ${wrong.length - NAMED_MAX} more`] : [];
  throw new WrongUsage([`${file}: nothing was done`, ...wrong.slice(0, NAMED_MAX), ...more].join('\n  '));
};
