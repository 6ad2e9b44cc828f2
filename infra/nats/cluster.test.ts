/** Three servers with three copies: what one of them has, the others may not have yet. */
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Stored } from '../../events/commit.ts';
import { commitOf, freshRef } from '../../properties/arbitraries/commits.ts';
import { everything, follow, seenAtLeast } from '../../properties/conformance/event-log.ts';
import { type NatsServer, startNatsCluster } from '../../properties/servers/nats.ts';
import { connectNats } from './connect.ts';
import { NatsEventLog } from './event-log.ts';

describe('a cluster of three', () => {
  let servers: readonly NatsServer[];
  let connection: NatsConnection;
  let log: NatsEventLog;
  beforeAll(async () => {
    servers = await startNatsCluster(3);
    connection = await connectNats({ servers: servers.map(({ url }) => url).join(',') });
    // An election may take longer than a caller would be kept waiting.
    const options = { replicas: 3, appendMs: 30_000 };
    log = await vi.waitFor(() => NatsEventLog.open(connection, options), { timeout: 30_000, interval: 250 });
  });
  afterAll(async () => {
    log.close();
    await connection.close();
    for (const server of servers) await server.stop();
  });

  test('reads have what was acknowledged just before, whichever replica answers', async () => {
    const refs = Array.from({ length: 10 }, () => freshRef());
    await Promise.all(
      refs.map(async (ref) => {
        const stored: Stored[] = [];
        for (let index = 0; index < 30; index++) {
          const last = stored.at(-1);
          const commit = commitOf(ref, [`${index}`], last?.commit);
          const outcome = await log.append({ ...ref, commit, expected: last?.position ?? 0 });
          if (outcome._tag !== 'Stored') throw new Error(JSON.stringify(outcome));
          stored.push({ tenant: 't', position: outcome.position, commit });
          expect(await everything(log.read(ref))).toEqual(stored);
          expect((await everything(log.scan({ after: outcome.position - 1, tenant: 't' })))[0]).toEqual(stored.at(-1));
        }
      }),
    );
  });

  test('when the leader is killed, no append is lost, doubled or left undecided', async () => {
    const after = await log.head();
    const stop = new AbortController();
    const seen: Stored[] = [];
    const following = follow(log, { after, follow: true, signal: stop.signal }, seen);
    let running = true;
    const conversations = Array.from({ length: 30 }, async () => {
      const ref = freshRef();
      const stored: Stored[] = [];
      while (running) {
        const last = stored.at(-1);
        const commit = commitOf(ref, [`${stored.length}`], last?.commit);
        const outcome = await log.append({ ...ref, commit, expected: last?.position ?? 0 });
        if (outcome._tag !== 'Stored') throw new Error(JSON.stringify(outcome));
        stored.push({ tenant: 't', position: outcome.position, commit });
      }
      return { ref, stored };
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const leader = (await (await jetstreamManager(connection)).streams.info('KEFU_EV')).cluster?.leader;
    const victim = servers.find((_, index) => `kefu-${index + 1}` === leader);
    await victim?.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    await victim?.restart();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    running = false;
    const all = await Promise.all(conversations);
    for (const { ref, stored } of all) expect(await everything(log.read(ref))).toEqual(stored);
    const inOrder = all.flatMap(({ stored }) => stored).sort((a, b) => a.position - b.position);
    expect(await everything(log.scan({ after }))).toEqual(inOrder);
    await seenAtLeast(seen, inOrder.length);
    stop.abort();
    await following;
    expect(seen).toEqual(inOrder);
    expect(new Set(inOrder.map(({ position }) => position)).size).toBe(inOrder.length);
  }, 60_000);
});
