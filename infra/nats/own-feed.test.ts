import { jetstreamManager } from '@nats-io/jetstream';
import fc from 'fast-check';
import type { NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Stored } from '../../events/commit.ts';
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
import { commitOf, freshRef } from '../../properties/arbitraries/commits.ts';
import { appendMany, everything, follow, seenAtLeast } from '../../properties/conformance/event-log.ts';
import { type NatsServer, startNats } from '../../properties/servers/nats.ts';
import { systemClock } from '../clock.ts';
import { connectNats } from './connect.ts';
import { NatsEventLog } from './event-log.ts';
import { KnownCommits } from './known-commits.ts';
import { Echo, ownFeed } from './own-feed.ts';

const ref = freshRef();
const storedAt = (position: number): Stored => ({ tenant: ref.tenant, position, commit: commitOf(ref, ['said']) });
const mine = new Set([1, 2]);
const elsewhere = 3;

/** A session of one of these shards. */
const freshIn = (shards: ReadonlySet<number>): SessionRef => {
  for (;;) {
    const fresh = freshRef();
    if (shards.has(shardOf(fresh.session, 64))) return fresh;
  }
};

/** What follows from what is known, until nothing is known any more. */
const fed = async (own: KnownCommits, after: number, shards?: ReadonlySet<number>): Promise<readonly number[]> => {
  const parts = { known: own, leader: { saw: () => undefined }, clock: systemClock };
  const batches = await everything(ownFeed(parts, after, shards, new AbortController().signal));
  return batches.map(({ position }) => position);
};

describe('the log as its writers tell it', () => {
  test('goes on as long as every position is accounted for', async () => {
    const kinds = fc.array(fc.constantFrom('own', 'own elsewhere', 'elsewhere', 'claimed here', 'unknown'), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40_000 }), fc.boolean(), kinds, async (after, isWhole, known) => {
        const own = new KnownCommits();
        known.forEach((kind, index) => {
          const position = after + 1 + index;
          if (kind === 'own') own.stored(storedAt(position), 1);
          else if (kind === 'own elsewhere') own.stored(storedAt(position), elsewhere);
          else if (kind === 'elsewhere') own.claimed(position, elsewhere);
          else if (kind === 'claimed here') own.claimed(position, 1);
        });
        const given = isWhole ? ['own', 'own elsewhere'] : ['own'];
        const end = known.findIndex((kind) => !given.includes(kind) && (isWhole || !kind.endsWith('elsewhere')));
        const told = known.slice(0, end === -1 ? undefined : end);
        const expected = told.flatMap((kind, index) => (given.includes(kind) ? [after + 1 + index] : []));
        expect(await fed(own, after, isWhole ? undefined : mine)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('waits a moment for what others claim', async () => {
    const own = new KnownCommits();
    own.stored(storedAt(1), 1);
    own.stored(storedAt(3), 2);
    const feeding = fed(own, 0, mine);
    await new Promise((resolve) => setTimeout(resolve, 20));
    own.claimed(2, elsewhere);
    expect(await feeding).toEqual([1, 3]);
  });

  test('goes on with what is stored while a batch is taken in', async () => {
    const known = new KnownCommits();
    known.stored(storedAt(1), 1);
    const seen: number[] = [];
    const parts = { known, leader: { saw: () => undefined }, clock: systemClock };
    for await (const batch of ownFeed(parts, 0, undefined, new AbortController().signal)) {
      seen.push(...batch.map(({ position }) => position));
      if (seen.length < 5) known.stored(storedAt(seen.length + 1), 1);
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test('a commit of interest that another process has stored is for the server at once, and so is all when it may be gone', () => {
    const known = new KnownCommits();
    known.stored(storedAt(1), 1);
    known.claimed(2, elsewhere);
    known.claimed(3, 2);
    expect(known.takeBehind(0, 10, mine)).toMatchObject({ position: 2, isForServer: true });
    known.stored(storedAt(4), 1);
    known.clear();
    expect(known.takeBehind(3, 10, mine)).toEqual({ batch: [], position: 3, isForServer: false });
    expect(known.knowsBeyond(0)).toBe(false);
  });

  test('ends when the signal is raised', async () => {
    const raised = new AbortController();
    const parts = { known: new KnownCommits(), leader: { saw: () => undefined }, clock: systemClock };
    const ending = everything(ownFeed(parts, 1, undefined, raised.signal));
    raised.abort();
    expect(await ending).toEqual([]);
  });

  test('more than is kept is missing, and nothing else stands in its place', async () => {
    const own = new KnownCommits();
    for (let position = 1; position <= 20_000; position++) own.stored(storedAt(position), 1);
    expect(await fed(own, 0)).toEqual([]);
    expect(await fed(own, 19_990)).toHaveLength(10);
  });

  test('is worth a try only for who is busy and mostly hears themselves, and not again at once when it came to nothing', () => {
    let now = 0;
    const echo = new Echo({ monotonicMs: () => now });
    const triedAfter = (stepMs: number, isOwn: (index: number) => boolean): number | undefined => {
      const from = now;
      for (let index = 0; index < 10_000; index++) {
        now += stepMs;
        if (echo.heard(1, isOwn(index))) return now - from;
      }
      return undefined;
    };
    expect(triedAfter(3, () => true)).toBeUndefined();
    expect(triedAfter(1, (index) => index % 100 > 0)).toBeUndefined();
    expect(triedAfter(1, () => true)).toBeLessThanOrEqual(1_001);
    now += 100;
    echo.ended();
    expect(triedAfter(1, () => true)).toBe(2_000);
    now += 5_000;
    echo.ended();
    expect(triedAfter(1, () => true)).toBe(1_000);
  });
});

describe('a log followed by the process that fills it', () => {
  let server: NatsServer;
  const connections: NatsConnection[] = [];
  const logs: NatsEventLog[] = [];
  const openLog = async (): Promise<NatsEventLog> => {
    const connection = await connectNats({ servers: `nats://127.0.0.1:${server.port}` });
    connections.push(connection);
    const log = await NatsEventLog.open(connection);
    logs.push(log);
    return log;
  };
  beforeAll(async () => {
    server = await startNats();
  });
  afterAll(async () => {
    for (const log of logs) log.close();
    for (const connection of connections) await connection.close();
    await server.stop();
  });

  test('does not get it from the server while it is alone, and lacks nothing when it is not', async () => {
    const [log, other] = [await openLog(), await openLog()];
    const manager = await jetstreamManager(connections[0] as NatsConnection);
    const followers = async (): Promise<number> => (await manager.streams.info('KEFU_EV')).state.consumer_count;
    const seen: Stored[] = [];
    const ended = new AbortController();
    const following = follow(log, { after: 0, follow: true, signal: ended.signal }, seen);
    // Who follows one tenant goes on being sent everything, and takes nothing away from who follows all.
    const seenInPart: Stored[] = [];
    const followingPart = follow(log, { after: 0, tenant: ref.tenant, follow: true, signal: ended.signal }, seenInPart);
    await vi.waitUntil(async () => (await followers()) === 2, 10_000);
    const busy = async (writer: NatsEventLog): Promise<void> => {
      await Promise.all(Array.from({ length: 200 }, () => appendMany(writer, freshRef(), 2)));
    };
    const alone = async (): Promise<void> => {
      for (const until = performance.now() + 20_000; performance.now() < until; ) {
        await busy(log);
        if ((await followers()) === 1) return;
      }
      throw new Error('the server is still asked for what was written here');
    };
    for (let round = 0; round < 2; round++) {
      await alone();
      for (let more = 0; more < 5; more++) {
        await busy(log);
        expect(await followers()).toBe(1);
      }
      // Somebody else in the midst of it, and by themselves.
      await Promise.all([busy(log), appendMany(other, freshRef(), 5)]);
      await seenAtLeast(seen, await log.head());
      await appendMany(other, freshRef(), 5);
      await seenAtLeast(seen, await log.head());
      expect(await followers()).toBe(2);
    }
    expect(seen).toEqual(await everything(log.scan({ after: 0 })));
    await seenAtLeast(seenInPart, seen.length);
    expect(seenInPart).toEqual(seen);
    ended.abort();
    await Promise.all([following, followingPart]);
  }, 120_000);

  test('is not sent to processes that share it either', async () => {
    const shares = [0, 1].map((half) => new Set(Array.from({ length: 32 }, (_, index) => 2 * index + half)));
    const manager = await jetstreamManager(connections[0] as NatsConnection);
    const followers = async (): Promise<number> => (await manager.streams.info('KEFU_EV')).state.consumer_count;
    const ended = new AbortController();
    const writers = await Promise.all(
      shares.map(async (shards) => {
        const log = await openLog();
        const after = await log.head();
        const seen: Stored[] = [];
        const following = follow(log, { after, shards, follow: true, signal: ended.signal }, seen);
        return { log, shards, after, seen, following };
      }),
    );
    const busy = (): Promise<unknown> =>
      Promise.all(
        writers.map(({ log, shards }) =>
          Promise.all(Array.from({ length: 50 }, () => appendMany(log, freshIn(shards), 3))),
        ),
      );
    let areTold = false;
    for (const until = performance.now() + 30_000; !areTold && performance.now() < until; ) {
      await busy();
      areTold = (await followers()) === 0;
    }
    expect(areTold).toBe(true);
    for (let more = 0; more < 5; more++) {
      await busy();
      expect(await followers()).toBe(0);
    }
    // One who has lost a shard, and does not know it.
    const [first, second] = writers;
    await Promise.all([busy(), appendMany(first?.log as NatsEventLog, freshIn(second?.shards ?? new Set()), 3)]);
    for (const { log, shards, after, seen } of writers) {
      const all = await everything(log.scan({ after, shards }));
      await seenAtLeast(seen, all.length);
      expect(seen).toEqual(all);
    }
    ended.abort();
    await Promise.all(writers.map(({ following }) => following));
  }, 120_000);
});
