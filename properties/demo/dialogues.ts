/** The conversations that are played. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { decode, sayFlaws, struct, text } from '../../events/codec.ts';
import { PERSON_ID_CHARS_MAX, TEXT_CHARS_MAX } from '../../events/limits.ts';
import { type Chance, seeded } from './chance.ts';

const Dialogue = struct({
  id: text(PERSON_ID_CHARS_MAX),
  turns: t.array(struct({ role: t.keyof({ visitor: null, agent: null }), text: text(TEXT_CHARS_MAX) })),
});

/** Who says what, in order. */
export type Dialogue = t.TypeOf<typeof Dialogue>;

/**
 * The dialogues of one NDJSON file, or of every `dialogues*.ndjson` in a folder. Throws when there is none, and where a line
 * is not a dialogue.
 */
export const readDialogues = async (path: string): Promise<readonly Dialogue[]> => {
  const files = (await stat(path)).isDirectory()
    ? (await readdir(path)).filter((name) => /^dialogues.*\.ndjson$/.test(name)).map((name) => join(path, name))
    : [path];
  const dialogues: Dialogue[] = [];
  for (const file of files.toSorted()) dialogues.push(...readLines(await readFile(file, 'utf8'), basename(file)));
  if (dialogues.length === 0) throw new Error(`${path} holds no dialogues`);
  return dialogues;
};

const readLines = (content: string, file: string): readonly Dialogue[] =>
  content
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      const decoded = decode<Dialogue>(Dialogue, JSON.parse(line));
      if (isLeft(decoded)) throw new Error(`${file}, line ${number}: ${sayFlaws(decoded.left)}`);
      return decoded.right;
    });

const WORDS = ['parcel', 'invoice', 'refund', '订单', '快递', '发票', '退款', 'Grüße', '🙂', 'e\u0301te\u0301'];

/** Conversations of 1 to 30 turns, for where there are no recorded ones. The same seed gives the same. */
export const madeUpDialogues = (count: number, seed: number): readonly Dialogue[] => {
  const chance = seeded(seed);
  return Array.from({ length: count }, (_, index) => ({
    id: `made-up-${index + 1}`,
    turns: Array.from({ length: 1 + Math.floor(chance() * 30) }, (__, turn) => ({
      // Mostly one after the other, but also several in a row by the same side.
      role: turn > 0 && chance() < 0.5 ? ('agent' as const) : ('visitor' as const),
      text: sentence(chance),
    })),
  }));
};

const sentence = (chance: Chance): string =>
  Array.from({ length: 1 + Math.floor(chance() * 12) }, () => WORDS[Math.floor(chance() * WORDS.length)]).join(' ');
