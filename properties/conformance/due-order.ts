/** What every view store knows of what is due. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DueQuery, DueSession } from '../../events/deadlines.ts';
import { shardOf } from '../../events/shard.ts';
import { linesOf } from '../../projections/message-lines.ts';
import type { SessionRow } from '../../projections/session-row.ts';
import type { ViewStore } from '../../projections/view-store.ts';
import { sessionRow } from '../arbitraries/session-rows.ts';
import { MemoryViewStore } from '../doubles/memory-view-store.ts';
import type { StoredViews } from '../doubles/stored-views.ts';
import { dumpOf, ViewWriter } from '../doubles/view-writer.ts';

const RUNS = 40;
const AT = 1_764_000_000_000;
const FOR_EVER: DueQuery = { fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER, limit: 100 };

export const dueOrderLaws = (name: string, shards: number, start: () => Promise<StoredViews>): void => {
  describe(`what is due, in ${name}`, () => {
    let views: StoredViews;
    let store: ViewStore;
    const everyShard = Array.from({ length: shards }, (_, shard) => shard);

    beforeAll(async () => {
      views = await start();
    });
    beforeEach(async () => {
      store = views.open();
      await store.clear(everyShard);
    });
    afterAll(() => views.close());

    const due = async (query: Partial<DueQuery> = {}): Promise<readonly DueSession[]> =>
      (await store.due(everyShard, { ...FOR_EVER, ...query })).due;

    test('is nothing in an empty store, which stands at 0', async () => {
      expect(await store.due(everyShard, FOR_EVER)).toEqual({ checkpoints: everyShard.map(() => 0), due: [] });
      expect(await store.due([], FOR_EVER)).toEqual({ checkpoints: [], due: [] });
    });

    test('is listed once, where it stands now, until nothing is awaited any more', async () => {
      const writer = new ViewWriter([store]);
      const write = (after: SessionRow): Promise<void> => writer.write([{ after, messages: [] }]);
      await write(queuedAt(0));
      expect(await due()).toEqual([{ tenant: 't', session: 's', dueAt: AT + 50 }]);
      await write({ ...queuedAt(0), activeAt: AT + 9 });
      expect(await due()).toEqual([{ tenant: 't', session: 's', dueAt: AT + 50 }]);
      await write(queuedAt(20));
      expect(await due()).toEqual([{ tenant: 't', session: 's', dueAt: AT + 70 }]);
      await write({ ...queuedAt(20), pace: { ...queuedAt(20).pace, overdue: true } as SessionRow['pace'] & object });
      expect(await due()).toEqual([]);
      await write({ ...queuedAt(30), status: 'assigned', assignee: 'an' });
      expect(await due()).toHaveLength(1);
      await write({ ...queuedAt(30), status: 'closed', assignee: 'an' });
      expect(await due()).toEqual([]);
    });

    test('to be closed for silence is listed late by a sixteenth at most, and seldom moved', async () => {
      const writer = new ViewWriter([store]);
      const places = new Set<number>();
      for (let ms = 0; ms < 1_000; ms += 10) {
        await writer.write([{ after: { ...queuedAt(ms), status: 'assigned', assignee: 'an' }, messages: [] }]);
        const [one, ...others] = await due();
        expect(others).toEqual([]);
        expect(one?.dueAt).toBeGreaterThanOrEqual(AT + ms + 16_000);
        expect(one?.dueAt).toBeLessThan(AT + ms + 17_000);
        places.add(one?.dueAt ?? 0);
      }
      expect(places.size).toBeLessThanOrEqual(2);
    });

    test('comes with the checkpoints of the shards asked for, and of no other shard', async () => {
      const shard = shardOf('s', shards);
      const others = everyShard.filter((each) => each !== shard);
      await store.write({
        shard,
        expected: 0,
        checkpoint: 7,
        changes: [{ before: undefined, after: queuedAt(0), messages: linesOf([]) }],
      });
      expect(await store.due([...others, shard], FOR_EVER)).toMatchObject({ checkpoints: [...others.map(() => 0), 7] });
      expect((await store.due([shard], FOR_EVER)).due).toHaveLength(1);
      expect((await store.due(others, FOR_EVER)).due).toEqual([]);
      await views.lose();
      expect(await store.due([shard], FOR_EVER)).toEqual({ checkpoints: [0], due: [] });
    });

    test('of any rows, in any window and of any shards, is that of the plain list', async () => {
      const query = fc.record({
        fromMs: fc.constantFrom(0, AT, AT + 2, AT + 41),
        untilMs: fc.constantFrom(AT - 1, AT + 3, AT + 41, AT + 2_000),
        limit: fc.constantFrom(1, 2, 3, 50),
      });
      const steps = fc.array(fc.array(sessionRow, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 });
      const asked = fc.array(fc.tuple(fc.subarray(everyShard), query), { minLength: 1, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(steps, asked, async (batches, queries) => {
          await store.clear(everyShard);
          const model = new MemoryViewStore(shards);
          const writer = new ViewWriter([store, model]);
          for (const batch of batches) await writer.write(batch.map((after) => ({ after, messages: [] })));
          for (const [some, each] of queries) expect(await store.due(some, each)).toEqual(await model.due(some, each));
          expect(await dumpOf(store)).toEqual(await dumpOf(model));
        }),
        { numRuns: RUNS },
      );
    });
  });
};

/** Waiting for a person since so many milliseconds after the beginning. */
const queuedAt = (ms: number): SessionRow => ({
  tenant: 't',
  session: 's',
  status: 'queued',
  assignee: null,
  visitor: { id: 'li' },
  seq: 1,
  position: 1,
  openedAt: AT,
  activeAt: AT + ms,
  unanswered: 0,
  lastMessage: null,
  pace: { policy: { firstResponseMs: 50, idleCloseMs: 16_000 }, activeAt: AT + ms, turnAt: AT + ms },
});
