import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Member, movesOf } from './table.ts';

const SHARDS = 64;
const up = (id: string): Member => ({ id, state: 'up' });
const nobody = Array.from({ length: SHARDS }, () => '');
const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' }), {
  minLength: 1,
  maxLength: 9,
});

/** Everybody moves in turn, over and over, until nobody wants to. */
const settle = (holders: readonly string[], members: readonly Member[]): readonly string[] => {
  let now = [...holders];
  for (let round = 0; round < 5; round++)
    for (const { id } of members) {
      const { take, release } = movesOf(id, now, members);
      now = now.map((holder, shard) => (take.includes(shard) ? id : release.includes(shard) ? '' : holder));
    }
  return now;
};

const shareOf = (holders: readonly string[], id: string): number => holders.filter((holder) => holder === id).length;

describe('the table of shards', () => {
  it('comes to rest with every shard held, by shares that differ by little', () => {
    fc.assert(
      fc.property(ids, (names) => {
        const holders = settle(nobody, names.map(up));
        expect(holders).not.toContain('');
        for (const name of names) expect(shareOf(holders, name)).toBeLessThanOrEqual(Math.ceil(SHARDS / names.length));
      }),
    );
  });

  it('never gives a shard to two: whoever takes one finds it free or its holder gone', () => {
    fc.assert(
      fc.property(ids, fc.array(fc.nat(8), { minLength: SHARDS, maxLength: SHARDS }), (names, picks) => {
        const members = names.map(up);
        const holders = picks.map((pick) => names[pick] ?? '');
        const takers = names.flatMap((name) => movesOf(name, holders, members).take);
        expect(new Set(takers).size).toBe(takers.length);
        for (const shard of takers) expect(names).not.toContain(holders[shard]);
      }),
    );
  });

  it('moves what the dead held, and leaves nobody else without', () => {
    const before = settle(nobody, ['a', 'b', 'c'].map(up));
    const after = settle(before, ['a', 'b'].map(up));
    expect(after).not.toContain('c');
    expect(after).not.toContain('');
  });

  it('takes everything from a member that leaves, as soon as it lets go', () => {
    const before = settle(nobody, ['a', 'b'].map(up));
    const members: Member[] = [{ id: 'a', state: 'leaving' }, up('b')];
    expect(movesOf('a', before, members).release).toHaveLength(shareOf(before, 'a'));
    expect(movesOf('b', before, members).take).toEqual([]);
    expect(settle(before, members).every((holder) => holder === 'b')).toBe(true);
  });

  it('moves little when one joins', () => {
    const before = settle(nobody, ['a', 'b', 'c'].map(up));
    const after = settle(before, ['a', 'b', 'c', 'd'].map(up));
    const moved = after.filter((holder, shard) => holder !== before[shard]).length;
    expect(moved).toBeLessThanOrEqual(SHARDS / 2);
    expect(shareOf(after, 'd')).toBeGreaterThan(SHARDS / 8);
  });
});
