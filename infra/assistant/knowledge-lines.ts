/** A knowledge base as NDJSON, one entry a line, with everything that is wrong in it named by line and rule. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { type Decoder, decode, sayFlaws } from '../../events/codec.ts';
import { Entry } from '../../events/knowledge.ts';

export interface Line<A> {
  /** From 1. */
  readonly number: number;
  readonly value: A;
}

export interface Lines<A> {
  readonly lines: readonly Line<A>[];
  /** Such as `line 3: answer: expected text of 1 to 8000 characters`. */
  readonly wrong: readonly string[];
}

/** Empty lines are passed over. With `keys`, a line that has another is wrong: what is misspelt would go unnoticed. */
export const linesIn = <A>(text: string, codec: Decoder<unknown, A>, keys?: readonly string[]): Lines<A> => {
  const lines: Line<A>[] = [];
  const wrong: string[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const number = index + 1;
    const parsed = parse(line);
    const decoded = parsed === undefined ? undefined : decode(codec, parsed.json);
    const unknown =
      keys === undefined ? undefined : Object.keys(objectOf(parsed?.json)).find((key) => !keys.includes(key));
    if (decoded === undefined) wrong.push(`line ${number}: expected a JSON object`);
    else if (unknown !== undefined)
      wrong.push(`line ${number}: knows no ${JSON.stringify(unknown)}; expected ${keys?.join(', ')}`);
    else if (isLeft(decoded)) wrong.push(`line ${number}: ${sayFlaws(decoded.left)}`);
    else lines.push({ number, value: decoded.right });
  });
  return { lines, wrong };
};

const ENTRY_KEYS = ['id', 'lang', 'question', 'also', 'answer'];

const objectOf = (json: unknown): object => (typeof json === 'object' && json !== null ? json : {});

/** The entries of a file, each id once. */
export const entriesIn = (text: string): Lines<Entry> => {
  const { lines, wrong } = linesIn<Entry>(text, Entry, ENTRY_KEYS);
  const seen = new Set<string>();
  const twice = lines.filter(({ value: { id } }) => seen.has(id) || !seen.add(id));
  return {
    lines: lines.filter((line) => !twice.includes(line)),
    wrong: [...wrong, ...twice.map(({ number }) => `line ${number}: id: expected one that no earlier line has`)],
  };
};

const parse = (line: string): { readonly json: unknown } | undefined => {
  try {
    return { json: JSON.parse(line) as unknown };
  } catch {
    return undefined;
  }
};
