import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Commit, Stored } from '../events/commit.ts';
import { SteeredLog } from '../properties/doubles/steered-log.ts';
import { visitor } from '../properties/story.ts';
import { MARK_EVERY_FACTS, readFrom, SeqIndex } from './seq-index.ts';

const ref = { tenant: 't', session: 's' };

/** A session of commits with so many facts each, beside another session. */
const logOf = async (sizes: readonly number[]): Promise<{ log: SteeredLog; stored: readonly Stored[] }> => {
  const log = new SteeredLog();
  const stored: Stored[] = [];
  let seq = 1;
  let expected = 0;
  for (const [index, size] of sizes.entries()) {
    const fact = { type: 'NoteAdded', text: 'x', by: visitor, clientId: `${index}` } as const;
    const events: Commit['events'] = [fact, ...Array.from({ length: size - 1 }, () => fact)];
    const commit: Commit = { v: 1, session: 's', seq, commit: `c${index}`, at: index, events };
    const other = { ...commit, session: `other-${index}`, seq: 1 };
    await log.append({ tenant: 't', session: other.session, commit: other, expected: 0 });
    const appended = await log.append({ ...ref, commit, expected });
    if (appended._tag !== 'Stored') throw new Error('it is stored');
    expected = appended.position;
    stored.push({ tenant: 't', position: expected, commit });
    seq += size;
  }
  return { log, stored };
};

const indexOf = (stored: readonly Stored[]): SeqIndex => {
  const index = new SeqIndex();
  for (const each of stored) index.add(each);
  return index;
};

const all = async (batches: AsyncIterable<readonly Stored[]>): Promise<readonly Stored[]> => {
  const read: Stored[] = [];
  for await (const batch of batches) read.push(...batch);
  return read;
};

const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 30 });

test('from where a seq is said to stand, it is found without most of what is before it', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async (each, some) => {
      const { log, stored } = await logOf(each);
      const seq = 1 + (some % each.reduce((sum, size) => sum + size));
      const index = indexOf(stored);
      const read = await all(readFrom(log, ref, seq, index.startOf(seq)));
      const [first] = read;
      expect(first?.commit.seq).toBeLessThanOrEqual(seq);
      // Two commits of 200 facts may stand between two marks.
      expect(seq - (first?.commit.seq ?? 0)).toBeLessThan(MARK_EVERY_FACTS + 200);
      expect(read).toEqual(stored.slice(-read.length));
      expect(new SeqIndex(index.marks).startOf(seq)).toBe(index.startOf(seq));
    }),
    { numRuns: 30 },
  );
});

test('from any wrong place at all, everything from the seq on is found', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), fc.nat(100), async (each, some, start) => {
      const { log, stored } = await logOf(each);
      const seq = 1 + (some % each.reduce((sum, size) => sum + size));
      const read = await all(readFrom(log, ref, seq, Promise.resolve(start)));
      expect(read[0]?.commit.seq).toBeLessThanOrEqual(seq);
      expect(read).toEqual(stored.slice(-read.length));
    }),
    { numRuns: 30 },
  );
});

describe('an index', () => {
  it('has a mark for every so many facts, and none for a short session', async () => {
    const { stored } = await logOf(Array.from({ length: 100 }, () => 10));
    const { marks } = indexOf(stored);
    expect(marks.map(([seq]) => seq)).toEqual([260, 520, 780]);
    const [[, first] = []] = marks;
    expect([260, 261, 520].map((seq) => indexOf(stored).startOf(seq))).toEqual([0, first, first]);
    expect(indexOf(stored.slice(0, 25)).marks).toEqual([]);
    expect(indexOf(stored.slice(0, 25)).startOf(250)).toBe(0);
  });

  it('leads a reader at the end past all the rest', async () => {
    const { log, stored } = await logOf(Array.from({ length: 100 }, () => 10));
    log.commitsRead = 0;
    await all(readFrom(log, ref, 1_000, indexOf(stored).startOf(1_000)));
    expect(log.commitsRead).toBe(22);
  });
});
