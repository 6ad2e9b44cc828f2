import { readdirSync, readFileSync } from 'node:fs';
import { isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { decode } from './codec.ts';
import { KnowledgeChange, KnowledgeEdit, SynonymGroups } from './knowledge-log.ts';

const golden = new URL('./golden/knowledge/', import.meta.url);
const lines = readdirSync(golden).flatMap((file) =>
  readFileSync(new URL(file, golden), 'utf8')
    .trim()
    .split('\n')
    .map((line, index) => ({ edit: JSON.parse(line) as KnowledgeEdit, place: `${file} line ${index + 1}` })),
);

describe('stored edits of the knowledge', () => {
  it.each(lines)('are read for ever, every key and value: $place', ({ edit }) => {
    expect(decode<KnowledgeEdit>(KnowledgeEdit, edit)).toMatchObject({ _tag: 'Right', right: edit });
  });

  it('have a golden example of every change', () => {
    const seen = new Set(lines.map(({ edit }) => edit.change.type));
    expect([...seen].toSorted()).toEqual(Object.keys(KnowledgeChange.members).toSorted());
  });
});

describe('groups of synonyms', () => {
  it.each([
    ['none at all', [], true],
    ['a group of two', [['a', 'b']], true],
    ['a group of one', [['a']], false],
    ['a group of 21', [Array.from({ length: 21 }, (_, at) => `w${at}`)], false],
    ['501 groups', Array.from({ length: 501 }, () => ['a', 'b']), false],
    ['an empty word', [['a', '']], false],
    ['a word of 65 characters', [['a', 'x'.repeat(65)]], false],
    ['no list', { groups: [] }, false],
  ])('%s: %#', (_what, groups, isGood) => expect(isRight(decode(SynonymGroups, groups))).toBe(isGood));

  it('say where they break which rule', () =>
    expect(decode(SynonymGroups, [['a', 'b'], ['c']])).toEqual({
      _tag: 'Left',
      left: [{ path: '1', expected: 'a list of 2 to 20' }],
    }));
});
