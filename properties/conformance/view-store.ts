/** What every view store keeps, whatever it is made of. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { statuses } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
import { encodeMessage } from '../../projections/encoded-message.ts';
import { linesOf } from '../../projections/message-lines.ts';
import type { InboxQuery, MessageQuery, ViewStore } from '../../projections/view-store.ts';
import { messages, personId, sessionRow } from '../arbitraries/session-rows.ts';
import { MemoryViewStore } from '../doubles/memory-view-store.ts';
import type { StoredViews } from '../doubles/stored-views.ts';
import { dumpOf, ViewWriter } from '../doubles/view-writer.ts';
import {
  bySession,
  change,
  combinations,
  everyPage,
  given,
  messageOf,
  rowOf,
  sessionsOfDifferentShards,
} from './view-samples.ts';

const RUNS = 60;
/** Each of them asks hundreds of times. */
const INBOX_RUNS = 20;
const everyShard = (store: ViewStore): number[] => Array.from({ length: store.shards }, (_, shard) => shard);

export const viewStoreLaws = (name: string, shards: number, start: () => Promise<StoredViews>): void => {
  describe(`views in ${name}`, () => {
    let views: StoredViews;
    let store: ViewStore;

    beforeAll(async () => {
      views = await start();
    });
    beforeEach(async () => {
      store = views.open();
      await store.clear(everyShard(store));
    });
    afterAll(() => views.close());

    const [first = '', second = ''] = sessionsOfDifferentShards(shards);
    const firstShard = shardOf(first, shards);
    const secondShard = shardOf(second, shards);
    const page = (query: MessageQuery): Promise<readonly number[]> =>
      store
        .transcript({ tenant: 't', session: first }, query)
        .then((transcript) => transcript.messages.map(({ seq }) => seq));

    test('an empty store stands at 0 everywhere and holds nothing', async () => {
      expect(await store.checkpoints()).toEqual(everyShard(store).map(() => 0));
      expect(await store.rows(0, [{ tenant: 't', session: 'x' }])).toEqual([undefined]);
      expect(await store.transcript({ tenant: 't', session: 'x' }, { limit: 5 })).toEqual({
        checkpoint: 0,
        row: undefined,
        messages: [],
      });
      expect(await store.inbox({ tenant: 't', limit: 5 })).toEqual({
        checkpoints: everyShard(store).map(() => 0),
        rows: [],
      });
      expect(await dumpOf(store)).toEqual([]);
    });

    test('a batch is written whole with its checkpoint', async () => {
      const after = rowOf({ session: first });
      const written = await store.write({
        shard: firstShard,
        expected: 0,
        checkpoint: 7,
        changes: [change(after, [1, 2])],
      });
      expect(written).toEqual({ _tag: 'Written' });
      expect((await store.checkpoints())[firstShard]).toBe(7);
      expect(await store.rows(firstShard, [after, rowOf({ session: 'none' }), after])).toEqual([
        after,
        undefined,
        after,
      ]);
      expect(await store.transcript(after, { limit: 9 })).toEqual({
        checkpoint: 7,
        row: after,
        messages: [messageOf(1), messageOf(2)].map(encodeMessage),
      });
      expect((await store.inbox({ tenant: 't', limit: 9 })).rows).toEqual([after]);
      expect((await store.inbox({ tenant: 't', limit: 9 })).checkpoints[firstShard]).toBe(7);
    });

    test('a batch on an unexpected checkpoint changes nothing and tells the one found', async () => {
      await store.write({
        shard: firstShard,
        expected: 0,
        checkpoint: 7,
        changes: [change(rowOf({ session: first }), [1])],
      });
      const held = await dumpOf(store);
      const late = change(rowOf({ session: first, status: 'closed', activeAt: 9 }), [2]);
      for (const expected of [0, 6, 8])
        expect(await store.write({ shard: firstShard, expected, checkpoint: 9, changes: [late] })).toEqual({
          _tag: 'Unexpected',
          checkpoint: 7,
        });
      expect(
        await store.write({
          shard: secondShard,
          expected: 7,
          checkpoint: 9,
          changes: [change(rowOf({ session: second }), [])],
        }),
      ).toEqual({ _tag: 'Unexpected', checkpoint: 0 });
      expect(await dumpOf(store)).toEqual(held);
    });

    test('of two stores racing on the same checkpoint exactly one writes', async () => {
      const other = views.open();
      let checkpoint = 0;
      for (let round = 0; round < 50; round += 1) {
        const batch = {
          shard: firstShard,
          expected: checkpoint,
          checkpoint: checkpoint + 1,
          changes: [change(rowOf({ session: first }), [round + 1])],
        };
        const tags = (await Promise.all([store.write(batch), other.write(batch)])).map(({ _tag }) => _tag);
        expect(tags.toSorted()).toEqual(['Unexpected', 'Written']);
        checkpoint += 1;
      }
      expect(await page({ limit: 100 })).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    });

    test('pages by after, before or latest are oldest first', async () => {
      await store.write({
        shard: firstShard,
        expected: 0,
        checkpoint: 1,
        changes: [change(rowOf({ session: first }), [2, 3, 5, 8, 13, 21])],
      });
      expect(await page({ limit: 2 })).toEqual([13, 21]);
      expect(await page({ limit: 9 })).toEqual([2, 3, 5, 8, 13, 21]);
      expect(await page({ after: 0, limit: 2 })).toEqual([2, 3]);
      expect(await page({ after: 3, limit: 2 })).toEqual([5, 8]);
      expect(await page({ after: 4, limit: 9 })).toEqual([5, 8, 13, 21]);
      expect(await page({ after: 21, limit: 9 })).toEqual([]);
      expect(await page({ before: 13, limit: 2 })).toEqual([5, 8]);
      expect(await page({ before: 12, limit: 2 })).toEqual([5, 8]);
      expect(await page({ before: 2, limit: 2 })).toEqual([]);
      expect(await page({ before: 99, limit: 2 })).toEqual([13, 21]);
      expect(await page({ after: 2, before: 13, limit: 2 })).toEqual([3, 5]);
      expect(await page({ after: 5, before: 13, limit: 9 })).toEqual([8]);
      expect(await page({ limit: 0 })).toEqual([]);
    });

    test('any page of any session is that of the plain list', async () => {
      const bound = fc.option(fc.nat(200), { nil: undefined });
      const query = fc.record({ after: bound, before: bound, limit: fc.integer({ min: 1, max: 25 }) });
      await fc.assert(
        fc.asyncProperty(messages, fc.array(query, { minLength: 1, maxLength: 10 }), async (written, queries) => {
          await store.clear([firstShard]);
          const model = new MemoryViewStore(shards);
          const writer = new ViewWriter([store, model]);
          for (let from = 0; from < written.length; from += 20)
            await writer.write([{ after: rowOf({ session: first }), messages: written.slice(from, from + 20) }]);
          for (const each of queries.map(given)) {
            const ref = { tenant: 't', session: first };
            expect(await store.transcript(ref, each)).toEqual(await model.transcript(ref, each));
          }
        }),
        { numRuns: RUNS },
      );
    });

    test('every filter of the inbox, page by page, visits every matching row once and in order', async () => {
      const filter = fc.record({
        status: fc.option(fc.constantFrom(...statuses), { nil: undefined }),
        assignee: fc.option(personId, { nil: undefined }),
        visitor: fc.option(personId, { nil: undefined }),
      });
      const steps = fc.array(fc.array(sessionRow, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(
          steps,
          fc.array(filter, { maxLength: 3 }),
          fc.integer({ min: 1, max: 7 }),
          async (batches, filters, limit) => {
            await store.clear(everyShard(store));
            const model = new MemoryViewStore(shards);
            const writer = new ViewWriter([store, model]);
            for (const batch of batches) await writer.write(batch.map((after) => ({ after, messages: [] })));
            for (const { tenant, status, assignee, visitor } of batches.flat())
              for (const query of [
                ...combinations(tenant, status, assignee, visitor.id),
                ...filters.map((each) => given({ tenant, ...each })),
              ])
                expect(await everyPage(store, { ...query, limit })).toEqual(
                  (await model.inbox({ ...query, limit: 1_000 })).rows,
                );
            expect(await dumpOf(store)).toEqual(await dumpOf(model));
          },
        ),
        { numRuns: INBOX_RUNS },
      );
    });

    test('rows without end that are active at one and the same moment are still paged', async () => {
      const rows = Array.from({ length: 9_500 }, (_, index) => rowOf({ session: `s${index}`, activeAt: 5 }));
      await new ViewWriter([store]).write(rows.map((after) => ({ after, messages: [] })));
      const listed = await everyPage(store, { tenant: 't', status: 'queued', limit: 1_500 });
      expect(listed.map(({ session }) => session)).toEqual(
        rows
          .map(({ session }) => session)
          .toSorted()
          .toReversed(),
      );
    });

    test('a row that moves leaves the orders it stood in', async () => {
      const writer = new ViewWriter([store]);
      const listed = async (filter: Partial<InboxQuery>): Promise<string[]> =>
        (await store.inbox({ tenant: 't', limit: 9, ...filter })).rows.map(({ session }) => session);
      await writer.write([{ after: rowOf({ session: first, status: 'queued' }), messages: [] }]);
      expect(await listed({ status: 'queued' })).toEqual([first]);
      await writer.write([{ after: rowOf({ session: first, status: 'assigned', assignee: 'an' }), messages: [] }]);
      expect(await listed({ status: 'queued' })).toEqual([]);
      expect(await listed({ status: 'assigned' })).toEqual([first]);
      expect(await listed({ assignee: 'an' })).toEqual([first]);
      await writer.write([{ after: rowOf({ session: first, status: 'assigned', assignee: 'bo' }), messages: [] }]);
      expect(await listed({ assignee: 'an' })).toEqual([]);
      expect(await listed({ assignee: 'bo', status: 'assigned' })).toEqual([first]);
      expect(await listed({ visitor: 'li', assignee: 'bo' })).toEqual([first]);
      await writer.write([{ after: rowOf({ session: first, status: 'queued' }), messages: [] }]);
      expect(await listed({ assignee: 'bo' })).toEqual([]);
      expect(await listed({})).toEqual([first]);
    });

    test('clearing forgets the given shards and no other', async () => {
      const writer = new ViewWriter([store]);
      await writer.write([
        { after: rowOf({ session: first }), messages: [messageOf(1)] },
        { after: rowOf({ session: second }), messages: [messageOf(1)] },
      ]);
      await store.clear([]);
      expect((await store.inbox({ tenant: 't', limit: 9 })).rows).toHaveLength(2);
      const kept = await dumpOf(store, [secondShard]);
      await store.clear([firstShard]);
      expect(await dumpOf(store, [firstShard])).toEqual([]);
      expect(await dumpOf(store, [secondShard])).toEqual(kept);
      const checkpoints = await store.checkpoints();
      expect([checkpoints[firstShard], checkpoints[secondShard]]).toEqual([0, 1]);
      expect((await store.inbox({ tenant: 't', limit: 9 })).rows.map(({ session }) => session)).toEqual([second]);
      expect((await store.transcript({ tenant: 't', session: first }, { limit: 9 })).messages).toEqual([]);
    });

    test('who is slow to clear a shard takes nothing from who has begun it anew', async () => {
      const other = views.open();
      const old = Array.from({ length: 3_000 }, (_, index) => rowOf({ session: `s${index}` }));
      await new ViewWriter([store]).write(old.map((after) => ({ after, messages: [messageOf(1)] })));
      const shard = shardOf(first, shards);
      const clearing = other.clear(everyShard(store));
      while ((await store.checkpoints())[shard] !== 0) await new Promise(setImmediate);
      const after = rowOf({ session: first });
      expect(await store.write({ shard, expected: 0, checkpoint: 5, changes: [change(after, [1])] })).toEqual({
        _tag: 'Written',
      });
      await clearing;
      const fresh = new MemoryViewStore(shards);
      await fresh.write({ shard, expected: 0, checkpoint: 5, changes: [change(after, [1])] });
      expect(await dumpOf(store)).toEqual(await dumpOf(fresh));
      expect(await store.transcript(after, { limit: 5 })).toEqual({
        checkpoint: 5,
        row: after,
        messages: [encodeMessage(messageOf(1))],
      });
    });

    test('views lost behind the back stand at 0, are refused the next batch, and can be written anew', async () => {
      await store.write({
        shard: firstShard,
        expected: 0,
        checkpoint: 7,
        changes: [change(rowOf({ session: first }), [1])],
      });
      await views.lose();
      expect(await store.checkpoints()).toEqual(everyShard(store).map(() => 0));
      expect(await store.transcript({ tenant: 't', session: first }, { limit: 5 })).toEqual({
        checkpoint: 0,
        row: undefined,
        messages: [],
      });
      const next = { shard: firstShard, checkpoint: 8, changes: [change(rowOf({ session: first }), [2])] };
      expect(await store.write({ ...next, expected: 7 })).toEqual({ _tag: 'Unexpected', checkpoint: 0 });
      expect(await store.write({ ...next, expected: 0 })).toEqual({ _tag: 'Written' });
      expect(await page({ limit: 9 })).toEqual([2]);
    });

    test('a store reads what another has written, cleared and written again', async () => {
      const other = views.open();
      for (const checkpoint of [3, 4]) {
        await other.clear([firstShard]);
        await other.write({
          shard: firstShard,
          expected: 0,
          checkpoint,
          changes: [change(rowOf({ session: first }), [checkpoint])],
        });
        expect(await page({ limit: 9 })).toEqual([checkpoint]);
        expect((await store.inbox({ tenant: 't', limit: 9 })).rows).toHaveLength(1);
      }
    });

    test('any script and long texts survive', async () => {
      const text = '客服 😀 e\u0301 \u0000 \u2028 "\\" \ud83d\ude00'.repeat(400);
      const after = {
        ...rowOf({ session: first }),
        metadata: { [text.slice(0, 60)]: text, ['__proto__']: null, '1': 1 },
      };
      const message = { ...messageOf(1), text };
      await store.write({
        shard: firstShard,
        expected: 0,
        checkpoint: 1,
        changes: [{ before: undefined, after, messages: linesOf([message]) }],
      });
      expect(await store.transcript(after, { limit: 1 })).toEqual({
        checkpoint: 1,
        row: after,
        messages: [encodeMessage(message)],
      });
    });

    test('tenants never mix, even when their names and sessions look alike', async () => {
      const rows = [
        rowOf({ tenant: 'a', session: 'b' }),
        rowOf({ tenant: 'a_b', session: 'b' }),
        rowOf({ tenant: 'a', session: 'b_b' }),
        rowOf({ tenant: 'a', session: 'a', visitor: 'queued' }),
        rowOf({ tenant: 'queued', session: 'a', visitor: 'a' }),
      ];
      await new ViewWriter([store]).write(rows.map((after) => ({ after, messages: [] })));
      for (const tenant of ['a', 'a_b', 'queued'])
        expect((await store.inbox({ tenant, limit: 9 })).rows.toSorted(bySession)).toEqual(
          rows.filter((row) => row.tenant === tenant).toSorted(bySession),
        );
    });

    test('many sessions and messages in one batch are written', async () => {
      const changes = Array.from({ length: 5_000 }, (_, index) => change(rowOf({ session: `s${index}` }), []))
        .filter(({ after }) => after.session !== first && shardOf(after.session, shards) === firstShard)
        .concat(
          change(
            rowOf({ session: first }),
            Array.from({ length: 9_000 }, (_, index) => index + 1),
          ),
        );
      expect(await store.write({ shard: firstShard, expected: 0, checkpoint: 1, changes })).toEqual({
        _tag: 'Written',
      });
      expect(await page({ limit: 2 })).toEqual([8_999, 9_000]);
      expect(await page({ before: 4_501, limit: 1 })).toEqual([4_500]);
      expect(await dumpOf(store)).toHaveLength(changes.length * 3 + 9_000);
    });
  });
};
