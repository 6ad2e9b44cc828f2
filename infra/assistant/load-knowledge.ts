/** Reads a knowledge base from NDJSON: one entry a line. */
import { readFile } from 'node:fs/promises';
import { isLeft } from 'fp-ts/lib/Either.js';
import { decode, sayFlaws } from '../../events/codec.ts';
import { Entry } from '../../events/knowledge.ts';
import { WrongSettings } from '../config.ts';

/** Throws {@link WrongSettings} that name the line and the rule. `source` is who names the file. */
export const loadKnowledge = async (file: string, source = 'KEFU_KB'): Promise<readonly Entry[]> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WrongSettings([`${source}: the file cannot be read (${error.code ?? 'unknown error'})`]);
  });
  const wrong: string[] = [];
  const entries = new Map<string, Entry>();
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const entry = entryOf(line);
    if (typeof entry === 'string') wrong.push(`${source} line ${index + 1}: ${entry}`);
    else if (entries.has(entry.id))
      wrong.push(`${source} line ${index + 1}: id: expected one that no earlier line has`);
    else entries.set(entry.id, entry);
  });
  if (wrong.length > 0) throw new WrongSettings(wrong);
  return [...entries.values()];
};

/** The entry, or what is wrong with the line. */
const entryOf = (line: string): Entry | string => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return 'expected a JSON object';
  }
  const entry = decode<Entry>(Entry, parsed);
  return isLeft(entry) ? sayFlaws(entry.left) : entry.right;
};
