/** Reads the knowledge base that `KEFU_KB` names. */
import { readFile } from 'node:fs/promises';
import type { Entry } from '../../events/knowledge.ts';
import { WrongSettings } from '../config.ts';
import { entriesIn } from './knowledge-lines.ts';

/** Throws {@link WrongSettings} that name the line and the rule. `source` is who names the file. */
export const loadKnowledge = async (file: string, source = 'KEFU_KB'): Promise<readonly Entry[]> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WrongSettings([`${source}: the file cannot be read (${error.code ?? 'unknown error'})`]);
  });
  const { lines, wrong } = entriesIn(text);
  if (wrong.length > 0) throw new WrongSettings(wrong.map((each) => `${source} ${each}`));
  return lines.map(({ value }) => value);
};
