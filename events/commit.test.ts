import { readdirSync, readFileSync } from 'node:fs';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { COMMIT_VERSION, type Commit, decodeCommit, lastSeq } from './commit.ts';
import { encodeCommit } from './encoding/commit.ts';
import { factTypes } from './facts.ts';
import { upcast } from './upcast.ts';

const golden = new URL('./golden/', import.meta.url);
const files = readdirSync(golden).filter((file) => file.endsWith('.ndjson'));
const lines = files.flatMap((file) =>
  readFileSync(new URL(file, golden), 'utf8')
    .trim()
    .split('\n')
    .map((line, index) => ({ line, place: `${file} line ${index + 1}` })),
);
const read = (line: string): Commit => {
  const commit = decodeCommit(line);
  if (isLeft(commit)) throw new Error(JSON.stringify(commit.left));
  return commit.right;
};

describe('stored commits', () => {
  it.each(lines)('are read for ever: $place', ({ line }) => {
    expect(read(line).v).toBe(COMMIT_VERSION);
  });

  it('keep every key and value through reading and writing', () => {
    for (const { line } of lines) expect(JSON.parse(encodeCommit(read(line)).toString())).toEqual(JSON.parse(line));
  });

  it('have a golden example of every fact', () => {
    const seen = new Set(lines.flatMap(({ line }) => read(line).events.map(({ type }) => type)));
    expect([...seen].toSorted()).toEqual([...factTypes].toSorted());
  });

  it('number their facts from seq on', () => {
    const commit = read(lines[3]?.line ?? '');
    expect([commit.seq, lastSeq(commit)]).toEqual([5, 10]);
  });

  it.each([
    ['not JSON', '{', 'JSON'],
    ['no facts', '{"v":1,"session":"s","seq":1,"commit":"c","at":0,"events":[]}', 'at least one fact'],
    [
      'an unknown fact',
      '{"v":1,"session":"s","seq":1,"commit":"c","at":0,"events":[{"type":"Nope"}]}',
      'one of SessionOpened',
    ],
    ['a version from the future', '{"v":2,"session":"s","seq":1,"commit":"c","at":0,"events":[]}', '1'],
  ])('with %s are refused with place and rule, never the content', (_name, line, rule) => {
    const refused = decodeCommit(line);
    expect(isLeft(refused) && JSON.stringify(refused.left)).toContain(rule);
  });
});

describe('upcasting', () => {
  const steps = {
    1: (body: Readonly<Record<string, unknown>>) => ({ ...body, v: 2, renamed: body.old, old: undefined }),
    2: (body: Readonly<Record<string, unknown>>) => ({ ...body, v: 3, added: true }),
  };

  it('takes a body through every step from its own version on', () => {
    expect(upcast({ v: 1, old: 'x' }, steps)).toMatchObject({ v: 3, renamed: 'x', added: true });
    expect(upcast({ v: 2 }, steps)).toEqual({ v: 3, added: true });
  });

  it('leaves what is current, unknown or no body at all as it is', () => {
    for (const body of [{ v: 3 }, { v: 99 }, 'text', null, 7]) expect(upcast(body, steps)).toEqual(body);
    expect(isRight(decodeCommit(lines[0]?.line ?? ''))).toBe(true);
  });
});
