/** What is gathered while something else is written, and what ends the gathering. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastSeq, type Stored } from '../events/commit.ts';
import { commitOf, freshRef } from '../properties/arbitraries/commits.ts';
import { MemoryEventLog } from '../properties/doubles/memory-event-log.ts';
import { MemoryViewStore } from '../properties/doubles/memory-view-store.ts';
import { project } from '../properties/doubles/project.ts';
import { dumpOf } from '../properties/doubles/view-writer.ts';
import { Projector } from './projector.ts';
import type { ViewBatch, Written } from './view-store.ts';

const BOUND_MS = 5_000;

/** A rest that lasts until somebody ends it. */
const untilEnded = (_delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** A store whose writes are held until they are let go of. */
class HeldStore extends MemoryViewStore {
  isHeld = false;
  readonly held: { readonly batch: ViewBatch; readonly release: () => void }[] = [];

  override async write(batch: ViewBatch): Promise<Written> {
    if (this.isHeld)
      await new Promise<void>((release) => {
        this.held.push({ batch, release });
      });
    return super.write(batch);
  }
}

let log: MemoryEventLog;
let store: HeldStore;
let projector: Projector;
let passed: number[];
let commits: Stored[];

const ref = freshRef();

beforeEach(() => {
  log = new MemoryEventLog(1);
  store = new HeldStore(1);
  passed = [];
  commits = [];
  projector = new Projector({
    log,
    views: store,
    pause: untilEnded,
    report: () => undefined,
    passing: ({ position }) => void passed.push(position),
  });
});
afterEach(async () => {
  store.isHeld = false;
  for (const { release } of store.held) release();
  await projector.stop();
});

const append = async (): Promise<number> => {
  const before = commits.at(-1);
  const commit = commitOf(ref, ['a note'], before?.commit);
  const appended = await log.append({ ...ref, commit, expected: before?.position ?? 0 });
  if (appended._tag !== 'Stored') throw new Error('nobody else writes here');
  commits.push({ tenant: ref.tenant, position: appended.position, commit });
  return appended.position;
};

/** Three commits, of which the last comes while the second is being written. */
const heldAtTheSecond = async (): Promise<void> => {
  await append();
  projector.start();
  await expect.poll(() => projector.reached, { timeout: BOUND_MS }).toBe(1);
  store.isHeld = true;
  projector.hurry(await append());
  await expect.poll(() => store.held.length, { timeout: BOUND_MS }).toBe(1);
  projector.hurry(await append());
  await expect.poll(() => passed, { timeout: BOUND_MS }).toEqual([1, 2, 3]);
};

test('what comes by while a batch is written is folded meanwhile, and changes nothing of it', async () => {
  await heldAtTheSecond();
  const [first] = store.held;
  expect(first?.batch.changes.map(({ after }) => after.seq)).toEqual([2]);
  expect(projector.reached).toBe(1);
  store.isHeld = false;
  first?.release();
  await expect.poll(() => projector.reached, { timeout: BOUND_MS }).toBe(3);
  const whole = new MemoryViewStore(1);
  await project(whole, [commits]);
  expect(await dumpOf(store)).toEqual(await dumpOf(whole));
});

test('an observer hears of every write once, and what each went on from', async () => {
  const told: (readonly [number | undefined, number])[] = [];
  projector.observe((before, after) => told.push([before?.seq, after.seq]));
  await heldAtTheSecond();
  store.isHeld = false;
  store.held[0]?.release();
  await expect.poll(() => projector.reached, { timeout: BOUND_MS }).toBe(3);
  expect(told).toEqual([
    [undefined, 1],
    [1, 2],
    [2, 3],
  ]);
});

test('what nobody waits for is gathered, and written when somebody does', async () => {
  await append();
  projector.start();
  await expect.poll(() => projector.reached, { timeout: BOUND_MS }).toBe(1);
  const second = await append();
  // It is looked for only because somebody waits for what comes behind it, which is no reason to write it.
  void projector.caughtUp(9, BOUND_MS);
  await expect.poll(() => passed, { timeout: BOUND_MS }).toEqual([1, 2]);
  expect(projector.reached).toBe(1);
  expect(await projector.caughtUp(second, BOUND_MS)).toBe(true);
  expect((await store.rows(0, [ref]))[0]?.seq).toBe(lastSeq(commits[1]?.commit ?? commitOf(ref, ['none'])));
});

test('no more is read than may be gathered, until it is written', { timeout: 60_000 }, async () => {
  for (let more = 0; more < 17_000; more++) await append();
  store.isHeld = true;
  projector.start();
  await expect.poll(() => passed.length, { timeout: 30_000 }).toBeGreaterThan(16_000);
  await new Promise((resolve) => setImmediate(resolve));
  // A batch is being written, and another that fills the bound up waits behind it.
  expect(store.held).toHaveLength(1);
  expect(passed.length).toBeLessThan(17_000);
  store.isHeld = false;
  store.held[0]?.release();
  await expect.poll(() => projector.reached, { timeout: 30_000 }).toBe(17_000);
});
