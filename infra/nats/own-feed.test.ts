import { jetstreamManager } from '@nats-io/jetstream';
import fc from 'fast-check';
import type { NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Stored } from '../../events/commit.ts';
import { commitOf, freshRef } from '../../properties/arbitraries/commits.ts';
import { appendMany, everything, follow, seenAtLeast } from '../../properties/conformance/event-log.ts';
import { type NatsServer, startNats } from '../../properties/servers/nats.ts';
import { connectNats } from './connect.ts';
import { NatsEventLog } from './event-log.ts';
import { OwnCommits } from './own-commits.ts';
import { ownFeed, Solitude } from './own-feed.ts';

const ref = freshRef();
const storedAt = (position: number): Stored => ({ tenant: ref.tenant, position, commit: commitOf(ref, ['said']) });
const leader = { saw: () => undefined } as never;

describe('what is stored here, without the server', () => {
  test('goes on without a gap, and ends where somebody else has stored something', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40_000 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        async (after, isOwn) => {
          const own = new OwnCommits();
          isOwn.forEach((is, index) => is && own.stored(storedAt(after + 1 + index)));
          const end = isOwn.indexOf(false);
          const until = end === -1 || !isOwn.includes(true, end) ? undefined : end;
          const seen: number[] = [];
          const ended = new AbortController();
          for await (const batch of ownFeed({ own, leader }, after, ended.signal)) {
            seen.push(...batch.map(({ position }) => position));
            // Behind the last one there is silence, and nothing to wait for.
            if (until === undefined) ended.abort();
          }
          const expected = end === -1 ? isOwn.length : end;
          expect(seen).toEqual(Array.from({ length: expected }, (_, index) => after + 1 + index));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('ends when nothing is stored here for a while, and when the signal is raised', async () => {
    const own = new OwnCommits();
    own.stored(storedAt(1));
    expect(await everything(ownFeed({ own, leader }, 0, new AbortController().signal))).toHaveLength(1);
    const raised = new AbortController();
    const ending = everything(ownFeed({ own, leader }, 1, raised.signal));
    raised.abort();
    expect(await ending).toEqual([]);
  });

  test('more than is kept is a gap, not something else at the same place', async () => {
    const own = new OwnCommits();
    for (let position = 1; position <= 20_000; position++) own.stored(storedAt(position));
    expect(await everything(ownFeed({ own, leader }, 0, new AbortController().signal))).toEqual([]);
    expect(await everything(ownFeed({ own, leader }, 19_990, new AbortController().signal))).toHaveLength(10);
  });

  test('is worth a try only for who is alone and busy', () => {
    let now = 0;
    const judged = (
      position: (index: number) => number,
      isOwn: (index: number) => boolean,
      stepMs: number,
    ): boolean => {
      now += 1_000_000;
      const solitude = new Solitude({ monotonicMs: () => now } as never);
      return Array.from({ length: 2_000 }, (_, index) => {
        now += stepMs;
        return solitude.goesOn([storedAt(position(index))], isOwn(index));
      }).includes(true);
    };
    const next = (index: number): number => index + 1;
    expect(judged(next, () => true, 1)).toBe(true);
    expect(judged(next, () => true, 3)).toBe(false);
    expect(
      judged(
        (index) => index + 1 + Math.floor(index / 100),
        () => true,
        1,
      ),
    ).toBe(false);
    expect(judged(next, (index) => index % 100 > 0, 1)).toBe(false);
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
    await vi.waitUntil(async () => (await followers()) === 1, 10_000);
    const busy = async (writer: NatsEventLog): Promise<void> => {
      await Promise.all(Array.from({ length: 200 }, () => appendMany(writer, freshRef(), 2)));
    };
    const alone = async (): Promise<void> => {
      for (const until = performance.now() + 20_000; performance.now() < until; ) {
        await busy(log);
        if ((await followers()) === 0) return;
      }
      throw new Error('the server is still asked for what was written here');
    };
    for (let round = 0; round < 3; round++) {
      await alone();
      await busy(log);
      // Somebody else in the midst of it, and by themselves.
      await Promise.all([busy(log), appendMany(other, freshRef(), 5)]);
      await seenAtLeast(seen, await log.head());
      await appendMany(other, freshRef(), 5);
      await seenAtLeast(seen, await log.head());
      expect(await followers()).toBe(1);
    }
    expect(seen).toEqual(await everything(log.scan({ after: 0 })));
    ended.abort();
    await following;
  }, 120_000);
});
