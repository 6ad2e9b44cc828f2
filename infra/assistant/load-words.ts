/** Reads a list of sensitive words: one word a line. */
import { readFile } from 'node:fs/promises';
import {
  bareWord,
  SENSITIVE_WORD_CHARS_MAX,
  SENSITIVE_WORDS_MAX,
} from '../../actors/assistant/sensitive-words/word-list.ts';
import { isWellFormed } from '../../events/codec.ts';
import { WrongSettings } from '../config.ts';

const VARIABLE = 'KEFU_SENSITIVE_WORDS';
/** Lines of a list that are named when they are wrong. */
const FLAWS_MAX = 20;

/**
 * Throws {@link WrongSettings} that name the line and the rule, never the word. Empty lines are passed over. `source` is who
 * names the file.
 */
export const loadWords = async (file: string, source: string = VARIABLE): Promise<readonly string[]> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WrongSettings([`${source}: the file cannot be read (${error.code ?? 'unknown error'})`]);
  });
  const wrong: string[] = [];
  const words = new Set<string>();
  text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .forEach((line, index) => {
      const word = line.trim();
      if (word === '') return;
      const flaw = flawOf(word);
      if (flaw === undefined) words.add(word);
      else wrong.push(`${source} line ${index + 1}: ${flaw}`);
    });
  if (words.size > SENSITIVE_WORDS_MAX) wrong.push(`${source}: expected at most ${SENSITIVE_WORDS_MAX} words`);
  const more = wrong.length - FLAWS_MAX;
  if (wrong.length > 0)
    throw new WrongSettings([...wrong.slice(0, FLAWS_MAX), ...(more > 0 ? [`${source}: and ${more} more lines`] : [])]);
  return [...words];
};

const flawOf = (word: string): string | undefined => {
  if (word.length > SENSITIVE_WORD_CHARS_MAX) return `expected at most ${SENSITIVE_WORD_CHARS_MAX} characters`;
  if (!isWellFormed(word) || word.includes('\ufffd')) return 'expected UTF-8';
  return bareWord(word) === '' ? 'expected a word with a letter or a digit in it' : undefined;
};
