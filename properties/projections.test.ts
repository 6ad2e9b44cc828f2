/** Views are a fold of the facts: nothing but the facts decides what they hold. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contextOf, evolveCommit, type SessionState, statusOf, unopened } from '../actors/session-state.ts';
import { decodeCommit, type Stored } from '../events/commit.ts';
import { encodeCommit } from '../events/encoding/commit.ts';
import { encodeMessage } from '../projections/encoded-message.ts';
import { foldRow, messagesOf, type SessionRow } from '../projections/session-row.ts';
import type { ViewStore } from '../projections/view-store.ts';
import { cutAnywhere, history } from './arbitraries/histories.ts';
import { MemoryViewStore } from './doubles/memory-view-store.ts';
import { project } from './doubles/project.ts';
import { type StoredViews, viewsInLmdb, viewsInMemory, viewsInRedis } from './doubles/stored-views.ts';
import { dumpOf } from './doubles/view-writer.ts';

const SHARDS = 3;
const RUNS = 40;
const cuts = fc.array(fc.nat(1_000), { maxLength: 12 });
const empty = (store: ViewStore): Promise<void> =>
  store.clear(Array.from({ length: store.shards }, (_, shard) => shard));

const refOf = ({ tenant, commit }: Stored): string => `${tenant}/${commit.session}`;
const foldAll = (commits: readonly Stored[]): Map<string, SessionRow> => {
  const rows = new Map<string, SessionRow>();
  for (const stored of commits) rows.set(refOf(stored), foldRow(rows.get(refOf(stored)), stored));
  return rows;
};

test('the histories that these laws are tried on are readable and cover every kind of fact', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(history(), (commits) => {
      for (const { commit } of commits) {
        expect(decodeCommit(encodeCommit(commit).toString())).toEqual({ _tag: 'Right', right: commit });
        for (const { type } of commit.events) seen.add(type);
      }
    }),
    { numRuns: 200, seed: 1 },
  );
  expect([...seen].toSorted()).toEqual(
    [
      'AssistantDecided',
      'AssistantRefused',
      'ChoicesOffered',
      'DeadlinePassed',
      'HandoffRequested',
      'MessagePosted',
      'MessagesRead',
      'NoteAdded',
      'SessionAssigned',
      'SessionClosed',
      'SessionOpened',
      'SessionRated',
      'SessionReleased',
      'SessionReopened',
      'SessionTransferred',
    ].toSorted(),
  );
});

test('a row says of its session what the session itself says', () => {
  fc.assert(
    fc.property(history(), (commits) => {
      const states = new Map<string, SessionState>();
      for (const stored of commits)
        states.set(refOf(stored), evolveCommit(states.get(refOf(stored)) ?? unopened, stored.commit));
      for (const [ref, row] of foldAll(commits)) {
        const state = states.get(ref) ?? unopened;
        const { visitor, openedAt, closedAt, assignee, score, locale, metadata } = contextOf(state);
        expect(row).toMatchObject({ status: statusOf(state), seq: state.seq, visitor, openedAt });
        expect(row.pace).toEqual(contextOf(state).pace);
        // A closed session is still listed with who had it.
        expect(row.assignee).toBe(assignee);
        expect([row.closedAt, row.score, row.locale, row.metadata]).toEqual([closedAt, score, locale, metadata]);
        expect(row.activeAt).toBeLessThanOrEqual(state.at);
      }
    }),
    { numRuns: 300 },
  );
});

test('a commit that a row holds already changes nothing', () => {
  fc.assert(
    fc.property(history(), fc.nat(100), (commits, from) => {
      const once = foldAll(commits);
      const again = new Map(once);
      for (const stored of commits.slice(from % (commits.length + 1)))
        again.set(refOf(stored), foldRow(again.get(refOf(stored)), stored));
      expect(again).toEqual(once);
    }),
  );
});

describe.each([
  ['memory', viewsInMemory],
  ['LMDB', viewsInLmdb],
  ['Redis', viewsInRedis],
] as const)('views in %s', (_name, start) => {
  let views: StoredViews;
  beforeAll(async () => {
    views = await start(SHARDS);
  });
  afterAll(() => views.close());

  test('any batching of a history gives the same views as one batch', async () => {
    const store = views.open();
    await fc.assert(
      fc.asyncProperty(history(), cuts, async (commits, places) => {
        const whole = new MemoryViewStore(SHARDS);
        await project(whole, [commits]);
        await empty(store);
        await project(store, cutAnywhere(commits, places));
        expect(await dumpOf(store)).toEqual(await dumpOf(whole));
        expect(await store.checkpoints()).toEqual(await whole.checkpoints());
      }),
      { numRuns: RUNS },
    );
  });

  test('projecting what is projected already changes nothing', async () => {
    const store = views.open();
    await fc.assert(
      fc.asyncProperty(history(), cuts, fc.nat(1_000), async (commits, places, length) => {
        await empty(store);
        await project(store, cutAnywhere(commits, places));
        const once = await dumpOf(store);
        await project(store, cutAnywhere(commits.slice(0, length % (commits.length + 1)), places));
        await project(store, [commits]);
        expect(await dumpOf(store)).toEqual(once);
      }),
      { numRuns: RUNS },
    );
  });

  test('a session page by page is all of its messages, in order', async () => {
    const store = views.open();
    await fc.assert(
      fc.asyncProperty(history(), fc.integer({ min: 1, max: 5 }), async (commits, limit) => {
        await empty(store);
        await project(store, [commits]);
        for (const { tenant, session, seq } of foldAll(commits).values()) {
          const ref = { tenant, session };
          const all = commits
            .filter((stored) => refOf(stored) === `${tenant}/${session}`)
            .flatMap(({ commit }) => messagesOf(commit))
            .map(encodeMessage);
          const forward = [];
          for (let after = 0; ; ) {
            const { messages, row } = await store.transcript(ref, { after, limit });
            expect(row?.seq).toBe(seq);
            forward.push(...messages);
            if (messages.length < limit) break;
            after = messages.at(-1)?.seq ?? 0;
          }
          expect(forward).toEqual(all);
          expect((await store.transcript(ref, { limit })).messages).toEqual(all.slice(-limit));
        }
      }),
      { numRuns: RUNS },
    );
  });
});

test('the same history is the same in LMDB and in Redis, byte for byte', async () => {
  const stored = await Promise.all([viewsInLmdb(SHARDS), viewsInRedis(SHARDS)]);
  const [lmdb, redis] = stored.map((views) => views.open());
  if (lmdb === undefined || redis === undefined) throw new Error('two stores');
  const bytes = async (store: ViewStore): Promise<string> => JSON.stringify(await dumpOf(store));
  await fc.assert(
    fc.asyncProperty(history(120), cuts, cuts, async (commits, some, others) => {
      await Promise.all([empty(lmdb), empty(redis)]);
      await project(lmdb, cutAnywhere(commits, some));
      await project(redis, cutAnywhere(commits, others));
      expect(await bytes(lmdb)).toBe(await bytes(redis));
    }),
    { numRuns: RUNS },
  );
  await Promise.all(stored.map((views) => views.close()));
});
