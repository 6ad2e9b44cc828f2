/** What can go wrong while views are being lost and made anew. */
import { expect, test } from 'vitest';
import type { Stored } from '../events/commit.ts';
import { commitOf, freshRef } from '../properties/arbitraries/commits.ts';
import { MemoryEventLog } from '../properties/doubles/memory-event-log.ts';
import { MemoryViewStore } from '../properties/doubles/memory-view-store.ts';
import { project } from '../properties/doubles/project.ts';
import { dumpOf } from '../properties/doubles/view-writer.ts';
import { Projector } from './projector.ts';
import type { ViewStore } from './view-store.ts';

const BOUND_MS = 5_000;

const pause = (delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, signal.aborted ? 0 : delayMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

const projectorOf = (log: MemoryEventLog, views: ViewStore): Projector =>
  new Projector({ log, views, pause, report: () => undefined });

/** A session of so many commits, one behind the other. */
const session = async (log: MemoryEventLog, count: number): Promise<readonly Stored[]> => {
  const ref = freshRef();
  const all: Stored[] = [];
  for (let index = 0; index < count; index++) all.push(await another(log, ref.session, all));
  return all;
};

const another = async (log: MemoryEventLog, name: string, before: readonly Stored[]): Promise<Stored> => {
  const ref = { tenant: 't', session: name };
  const commit = commitOf(ref, ['a note'], before.at(-1)?.commit);
  const appended = await log.append({ ...ref, commit, expected: before.at(-1)?.position ?? 0 });
  if (appended._tag !== 'Stored') throw new Error('nobody else writes here');
  return { tenant: ref.tenant, position: appended.position, commit };
};

test('a shard that another projector empties and fills to the same checkpoint, while its rows are read, stays whole', async () => {
  const log = new MemoryEventLog(1);
  const past = await session(log, 3);
  const store = new MemoryViewStore(1);
  await project(store, [past]);

  let isEmptied = false;
  const rows = store.rows.bind(store);
  store.rows = async (shard, refs) => {
    if (isEmptied) return rows(shard, refs);
    isEmptied = true;
    await store.clear([shard]);
    const missing = await rows(shard, refs);
    await project(store, [past]);
    return missing;
  };
  const projector = projectorOf(log, store);
  projector.start();
  const next = await another(log, past[0]?.commit.session ?? '', past);
  expect(await projector.caughtUp(next.position, BOUND_MS)).toBe(true);
  await projector.stop();

  const whole = new MemoryViewStore(1);
  await project(whole, [[...past, next]]);
  expect(isEmptied).toBe(true);
  expect(await dumpOf(store)).toEqual(await dumpOf(whole));
});

test('while lost views are made anew, nobody is told that they hold what they held', async () => {
  const log = new MemoryEventLog(1);
  const commits = [...(await session(log, 3))];
  const store = new MemoryViewStore(1);
  const projector = projectorOf(log, store);
  projector.start();
  expect(await projector.caughtUp(commits.length, BOUND_MS)).toBe(true);

  await store.clear([0]);
  const write = store.write.bind(store);
  let release = (): void => undefined;
  const rebuilding = new Promise<void>((begun) => {
    store.write = async (batch) => {
      if (batch.expected !== 0) return write(batch);
      begun();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      store.write = write;
      return write(batch);
    };
  });
  commits.push(await another(log, commits[0]?.commit.session ?? '', commits));
  await rebuilding;
  expect(await projector.caughtUp(3, 0)).toBe(false);
  release();
  expect(await projector.caughtUp(4, BOUND_MS)).toBe(true);
  await projector.stop();
});
