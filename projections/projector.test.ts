import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lastSeq, type Stored } from '../events/commit.ts';
import type { Scan } from '../events/event-log.ts';
import { shardOf } from '../events/shard.ts';
import { history } from '../properties/arbitraries/histories.ts';
import { MemoryEventLog } from '../properties/doubles/memory-event-log.ts';
import { MemoryViewStore } from '../properties/doubles/memory-view-store.ts';
import { project } from '../properties/doubles/project.ts';
import { type StoredViews, viewsInLmdb, viewsInMemory, viewsInRedis } from '../properties/doubles/stored-views.ts';
import { away, FlakyViews, LosingViews } from '../properties/doubles/troubled-views.ts';
import { dumpOf } from '../properties/doubles/view-writer.ts';
import { Projector } from './projector.ts';
import type { ViewStore } from './view-store.ts';

const SHARDS = 4;
const BOUND_MS = 10_000;
const everyShard: ReadonlySet<number> = new Set(Array.from({ length: SHARDS }, (_, shard) => shard));

const pause = (delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(), signal.aborted ? 0 : delayMs);
    const cutShort = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', cutShort, { once: true });
  });

/** Remembers from where it was read. */
class WatchedLog extends MemoryEventLog {
  readonly scansFrom: number[] = [];
  isAway = false;
  /** Done each time that somebody asks how far it goes, before the answer. */
  whenAsked: () => Promise<void> = () => Promise.resolve();

  override async head(): Promise<number> {
    await this.whenAsked();
    return super.head();
  }

  override scan(scan: Scan): ReturnType<MemoryEventLog['scan']> {
    this.scansFrom.push(scan.after);
    if (this.isAway) throw away();
    return super.scan(scan);
  }
}

const appendAll = async (log: MemoryEventLog, commits: readonly Stored[]): Promise<void> => {
  const heads = new Map<string, number>();
  for (const { tenant, commit } of commits) {
    const ref = `${tenant}/${commit.session}`;
    const appended = await log.append({ tenant, session: commit.session, commit, expected: heads.get(ref) ?? 0 });
    if (appended._tag !== 'Stored') throw new Error(`a commit of ${ref} was not stored`);
    heads.set(ref, appended.position);
  }
};

/** Some long history; the seed is fixed, because what is tried here is the following, not the folding. */
const [commits = []] = fc.sample(history(300, 300), { numRuns: 1, seed: 7 });

const expectedDump = async (upTo = commits.length): Promise<unknown> => {
  const whole = new MemoryViewStore(SHARDS);
  await project(whole, [commits.slice(0, upTo)]);
  return dumpOf(whole);
};

describe.each([
  ['memory', viewsInMemory],
  ['LMDB', viewsInLmdb],
  ['Redis', viewsInRedis],
] as const)('a projector on %s', (_name, start) => {
  let views: StoredViews;
  let store: ViewStore;
  let log: WatchedLog;
  let running: Projector[];
  let troubles: string[];
  let lost: number[];
  let isFollowing: boolean;

  beforeAll(async () => {
    views = await start(SHARDS);
  });
  beforeEach(async () => {
    await views.lose();
    store = views.open();
    log = new WatchedLog(SHARDS);
    running = [];
    troubles = [];
    lost = [];
    isFollowing = false;
  });
  afterEach(async () => {
    await Promise.all(running.map((projector) => projector.stop()));
  });
  afterAll(() => views.close());

  const launch = (on: ViewStore = store, shards = everyShard): Projector => {
    const report = (trouble: string): void => void troubles.push(trouble);
    const projector = new Projector({
      log,
      views: on,
      pause,
      report,
      shards: () => shards,
      lost: (some) => lost.push(...some),
      following: (isSo) => {
        isFollowing = isSo;
      },
    });
    running.push(projector);
    projector.start();
    return projector;
  };

  test('projects what was there before it started, and what comes after', async () => {
    await appendAll(log, commits.slice(0, 100));
    const projector = launch();
    expect(await projector.caughtUp(100, BOUND_MS)).toBe(true);
    expect(await dumpOf(store)).toEqual(await expectedDump(100));
    await appendRest(log, 100);
    expect(await projector.caughtUp(commits.length, BOUND_MS)).toBe(true);
    expect(await dumpOf(store)).toEqual(await expectedDump());
    expect(projector.reached).toBe(commits.length);
    expect(troubles).toEqual([]);
  });

  test('does not wait for what has not happened', async () => {
    const projector = launch();
    expect(await projector.caughtUp(0, BOUND_MS)).toBe(true);
    expect(await projector.caughtUp(1, 20)).toBe(false);
  });

  test('tells of every change of a row once, and from what it came', async () => {
    await appendAll(log, commits);
    const projector = launch();
    const seen = new Map<string, number>();
    projector.observe((before, after) => {
      const ref = `${after.tenant}/${after.session}`;
      expect(before?.seq ?? 0).toBe(seen.get(ref) ?? 0);
      seen.set(ref, after.seq);
    });
    await projector.caughtUp(commits.length, BOUND_MS);
    expect(seen.size).toBe(new Set(commits.map(({ tenant, commit }) => `${tenant}/${commit.session}`)).size);
  });

  test('goes on after a restart without reading the log again', async () => {
    await appendAll(log, commits.slice(0, 100));
    const projector = launch();
    await projector.caughtUp(100, BOUND_MS);
    await projector.stop();
    // Shards without news have been moved on too.
    expect(await store.checkpoints()).toEqual(Array.from({ length: SHARDS }, () => 100));
    await appendRest(log, 100);
    const next = launch(views.open());
    expect(await next.caughtUp(commits.length, BOUND_MS)).toBe(true);
    expect(log.scansFrom).toEqual([0, 100]);
    expect(await dumpOf(store)).toEqual(await expectedDump());
  });

  test('one shard with news does not make the others read again', async () => {
    const one = commits.filter(({ tenant, commit }) => `${tenant}/${commit.session}` === refOf(commits[0]));
    await appendAll(log, one);
    await launch().caughtUp(one.length, BOUND_MS);
    await running[0]?.stop();
    await launch(views.open()).caughtUp(one.length, BOUND_MS);
    expect(log.scansFrom).toEqual([0, one.length]);
  });

  test('rebuilds views that were emptied behind its back, at the next write, and says which', async () => {
    await appendAll(log, commits.slice(0, 150));
    const projector = launch();
    await projector.caughtUp(150, BOUND_MS);
    lost = [];
    await views.lose();
    await appendRest(log, 150);
    await projector.caughtUp(commits.length, BOUND_MS);
    await expect.poll(() => dumpOf(store), { timeout: BOUND_MS }).toEqual(await expectedDump());
    expect(troubles[0]).toMatch(/not where they were left/);
    expect(new Set(lost)).toEqual(everyShard);
  });

  test('does not tell again what was told before, however often a rebuild is cut short', async () => {
    await appendAll(log, commits.slice(0, 200));
    const losing = new LosingViews(store, () => views.lose());
    const projector = launch(losing);
    const told = new Told(projector);
    await projector.caughtUp(200, BOUND_MS);
    losing.atWrites = [1, 2, 4, 7].map((write) => losing.writes + write);
    await appendRest(log, 200);
    await expect.poll(() => losing.atWrites, { timeout: BOUND_MS }).toEqual([]);
    await expect.poll(() => dumpOf(store), { timeout: BOUND_MS }).toEqual(await expectedDump());
    await expect.poll(() => told.newest, { timeout: BOUND_MS }).toEqual(newestSeqs);
    expect(told.surprises).toEqual([]);
  });

  test('rebuilds them without a write when somebody has noticed', async () => {
    await appendAll(log, commits);
    const projector = launch();
    await projector.caughtUp(commits.length, BOUND_MS);
    await views.lose();
    projector.recheck();
    expect(await projector.caughtUp(commits.length, BOUND_MS)).toBe(true);
    expect(await dumpOf(store)).toEqual(await expectedDump());
  });

  test('rebuilds views that are ahead of the log, because they are of another history', async () => {
    await project(store, [
      commits.map((stored) => ({ ...stored, tenant: 'other', position: stored.position + 5_000 })),
    ]);
    await appendAll(log, commits);
    expect(await launch().caughtUp(commits.length, BOUND_MS)).toBe(true);
    expect(await dumpOf(store)).toEqual(await expectedDump());
  });

  test('keeps trying while the store is away', async () => {
    const flaky = new FlakyViews(store);
    await appendAll(log, commits.slice(0, 100));
    const projector = launch(flaky);
    const told = new Told(projector);
    await projector.caughtUp(100, BOUND_MS);
    flaky.isAway = true;
    await appendRest(log, 100);
    expect(isFollowing).toBe(true);
    expect(await projector.caughtUp(commits.length, 150)).toBe(false);
    await expect.poll(() => isFollowing, { timeout: BOUND_MS }).toBe(false);
    flaky.isAway = false;
    expect(await projector.caughtUp(commits.length, BOUND_MS)).toBe(true);
    expect(isFollowing).toBe(true);
    expect(await dumpOf(store)).toEqual(await expectedDump());
    expect(troubles[0]).toMatch(/cannot be kept up/);
    expect([told.newest, told.surprises]).toEqual([newestSeqs, []]);
  });

  test('several share the shards, and each knows how far its own have come', async () => {
    await appendAll(log, commits);
    const projectors = [...everyShard].map((shard) => launch(views.open(), new Set([shard])));
    const newest = [...everyShard].map(
      (shard) => commits.findLast(({ commit }) => shardOf(commit.session, SHARDS) === shard)?.position ?? 0,
    );
    for (const [shard, projector] of projectors.entries())
      expect(await projector.caughtUp(newest[shard] ?? 0, BOUND_MS)).toBe(true);
    expect(await dumpOf(store)).toEqual(await expectedDump());
    // The log ends with another's commits, so that it has no more to say to most of them.
    for (const [shard, projector] of projectors.entries()) {
      projector.recheck();
      expect(await projector.caughtUp(newest[shard] ?? 0, BOUND_MS)).toBe(true);
    }
    expect(troubles).toEqual([]);
  });

  test('a round that was ended by a new shard does not say that the shard is up to date', async () => {
    await appendAll(log, commits);
    const newest = shardOf(commits.at(-1)?.commit.session ?? '', SHARDS);
    const former = launch(views.open(), new Set([newest]));
    expect(await former.caughtUp(commits.length, BOUND_MS)).toBe(true);
    await former.stop();

    let shards: ReadonlySet<number> = new Set([newest]);
    let caughtUp: Promise<boolean> | undefined;
    log.whenAsked = async () => {
      log.whenAsked = () => Promise.resolve();
      shards = everyShard;
      projector.recheck();
      caughtUp = projector.caughtUp(commits.length, BOUND_MS);
    };
    const projector = new Projector({ log, views: views.open(), pause, report: () => undefined, shards: () => shards });
    running.push(projector);
    projector.start();
    await expect.poll(() => caughtUp, { timeout: BOUND_MS }).toBeDefined();
    expect(await caughtUp).toBe(true);
    expect([...everyShard].map((shard) => projector.checkpoint(shard))).toEqual(
      [...everyShard].map(() => commits.length),
    );
    expect(await dumpOf(store)).toEqual(await expectedDump());
  });

  test('says whose commits never came by, because another has projected them', async () => {
    const shard = shardOf(commits.at(-1)?.commit.session ?? '', SHARDS);
    const passed: number[] = [];
    const missed: number[][] = [];
    const listening = (failing: boolean): Projector => {
      log.isAway = failing;
      const projector = new Projector({
        log,
        views: views.open(),
        pause,
        report: (trouble) => void troubles.push(trouble),
        shards: () => new Set([shard]),
        passing: ({ position }) => void passed.push(position),
        missed: (shards) => void missed.push([...shards]),
      });
      running.push(projector);
      projector.start();
      return projector;
    };
    await appendAll(log, commits.slice(0, 100));
    const late = listening(true);
    await expect.poll(() => troubles.length, { timeout: BOUND_MS }).toBeGreaterThan(0);
    // What is stored now is behind what the late one has read of the views, and before what it will read.
    expect(missed).toEqual([[shard]]);
    await appendRest(log, 100);
    await project(store, [commits]);
    log.isAway = false;
    expect(await late.caughtUp(commits.length, BOUND_MS)).toBe(true);
    expect(passed).toEqual([]);
    expect(missed.length).toBeGreaterThan(1);
    // From there on everything comes by.
    const told = missed.length;
    late.recheck();
    expect(await late.caughtUp(commits.length, BOUND_MS)).toBe(true);
    expect(missed).toHaveLength(told);
  });

  test('two on one store never spoil it, whatever is lost in between', async () => {
    await appendAll(log, commits.slice(0, 100));
    const both = [launch(), launch(views.open())];
    for (let from = 100; from < commits.length; from += 20) {
      if (from % 60 === 0) await views.lose();
      await appendSome(log, from, from + 20);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    for (const projector of both) expect(await projector.caughtUp(commits.length, BOUND_MS)).toBe(true);
    await expect.poll(() => dumpOf(store), { timeout: BOUND_MS }).toEqual(await expectedDump());
  });
});

const refOf = (stored: Stored | undefined): string => `${stored?.tenant}/${stored?.commit.session}`;

/** Appends commits whose sessions have commits before these. */
const appendSome = async (log: MemoryEventLog, from: number, to: number): Promise<void> => {
  for (const stored of commits.slice(from, to)) {
    const before = commits.slice(0, stored.position - 1).findLast((each) => refOf(each) === refOf(stored));
    const { tenant, commit } = stored;
    const appended = await log.append({ tenant, session: commit.session, commit, expected: before?.position ?? 0 });
    expect(appended).toEqual({ _tag: 'Stored', position: stored.position });
  }
};
const appendRest = (log: MemoryEventLog, from: number): Promise<void> => appendSome(log, from, commits.length);

const newestSeqs = new Map(commits.map((stored) => [refOf(stored), lastSeq(stored.commit)]));

/** Hears every change, and notes each that does not go on from the one before. */
class Told {
  /** By session. */
  readonly newest = new Map<string, number>();
  readonly surprises: string[] = [];

  constructor(projector: Projector) {
    projector.observe((before, after) => {
      const ref = `${after.tenant}/${after.session}`;
      const known = this.newest.get(ref);
      if (before?.seq !== known || after.seq <= (known ?? 0))
        this.surprises.push(`${ref}: from ${before?.seq} to ${after.seq}, but known was ${known}`);
      this.newest.set(ref, after.seq);
    });
  }
}
