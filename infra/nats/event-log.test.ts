import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from 'nats';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeCommit, type Stored } from '../../events/commit.ts';
import { encodeCommit } from '../../events/encoding/commit.ts';
import { shardOf } from '../../events/shard.ts';
import { commitOf, freshRef } from '../../properties/arbitraries/commits.ts';
import { appendMany, everything, follow, positionOf, seenAtLeast } from '../../properties/conformance/event-log.ts';
import { TcpProxy } from '../../properties/faults/tcp-proxy.ts';
import { type NatsServer, startNats } from '../../properties/servers/nats.ts';
import { LogWentBack } from '../log-went-back.ts';
import { connectNats } from './connect.ts';
import { NatsEventLog, type NatsLogOptions } from './event-log.ts';

let server: NatsServer;
const opened: { readonly log: NatsEventLog; readonly connection: NatsConnection }[] = [];

const openLog = async (options: NatsLogOptions = {}, port = server.port): Promise<NatsEventLog> => {
  const connection = await connectNats({ servers: `nats://127.0.0.1:${port}` });
  const log = await NatsEventLog.open(connection, options);
  opened.push({ log, connection });
  return log;
};

const closeAll = async (): Promise<void> => {
  for (const { log, connection } of opened.splice(0)) {
    log.close();
    await connection.close();
  }
};

beforeAll(async () => {
  server = await startNats();
});
afterEach(closeAll);
afterAll(() => server.stop());

describe('what anything that reads JetStream sees', () => {
  test('a commit is one JSON message on the subject of its session, under its own id', async () => {
    const log = await openLog();
    const ref = freshRef('acme');
    const commit = commitOf(ref, ['客服', 'two']);
    const position = positionOf(await log.append({ ...ref, commit, expected: 0 }));
    const manager = await jetstreamManager(opened[0]?.connection as NatsConnection);
    const message = await manager.streams.getMessage('KEFU_EV', { seq: position });
    expect(message?.subject).toBe(`kefu.ev.acme.${shardOf(ref.session, 64)}.${ref.session}`);
    expect(message?.string()).toBe(encodeCommit(commit).toString());
    expect(message?.header.get('Nats-Msg-Id')).toBe(commit.commit);
    expect(decodeCommit(message?.string() ?? '')).toEqual({ _tag: 'Right', right: commit });
  });

  test('what is no commit is named by stream, position and rule, and not by what it says', async () => {
    const log = await openLog();
    const ref = freshRef();
    const [first] = await appendMany(log, ref, 1);
    const { connection } = opened[0] ?? {};
    const subject = `kefu.ev.t.${shardOf(ref.session, log.shards)}.${ref.session}`;
    const secret = encodeCommit({ ...commitOf(ref, ['private words'], first?.commit), at: -1 });
    await connection?.request(subject, secret);
    const position = await log.head();
    const rule = `KEFU_EV holds something else than a commit at position ${position}: at: expected an integer`;
    await expect(everything(log.read(ref))).rejects.toThrow(new RegExp(rule));
    await expect(everything(log.scan({ after: position - 1 }))).rejects.toThrow(new RegExp(rule));
    await expect(everything(log.read(ref))).rejects.not.toThrow(/private/);
  });
});

describe('an append whose answer does not come', () => {
  test.each([
    ['the answers are lost', 'downstream'],
    ['the appends are lost', 'upstream'],
  ] as const)('%s: it is stored once all the same, when the network heals', async (_name, direction) => {
    const proxy = await TcpProxy.start(server.port);
    const log = await openLog({}, proxy.port);
    const ref = freshRef();
    const [first] = await appendMany(log, ref, 1);
    const commit = commitOf(ref, ['in the dark'], first?.commit);
    proxy.drop(direction);
    const appending = log.append({ ...ref, commit, expected: first?.position ?? 0 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    proxy.heal();
    const position = positionOf(await appending);
    const other = await openLog();
    expect(await everything(other.read(ref))).toEqual([first, { tenant: 't', position, commit }]);
    await closeAll();
    await proxy.close();
  });

  test('answers that come too late do no harm', async () => {
    const proxy = await TcpProxy.start(server.port);
    const log = await openLog({}, proxy.port);
    const refs = Array.from({ length: 20 }, () => freshRef());
    proxy.pause('downstream');
    const appending = Promise.all(refs.map((ref) => appendMany(log, ref, 3)));
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    proxy.resume('downstream');
    const stored = await appending;
    const other = await openLog();
    for (const [index, ref] of refs.entries()) expect(await everything(other.read(ref))).toEqual(stored[index]);
    await closeAll();
    await proxy.close();
  });

  test('within the bound it is undecided, and appended again later it is decided', async () => {
    const proxy = await TcpProxy.start(server.port);
    const log = await openLog({ appendMs: 600 }, proxy.port);
    const ref = freshRef();
    await appendMany(log, freshRef(), 1);
    const commit = commitOf(ref, ['stored, but who knows']);
    proxy.drop('downstream');
    const startedAt = performance.now();
    const outcome = await log.append({ ...ref, commit, expected: 0 });
    expect(outcome._tag).toBe('Undecided');
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    const [stored] = await everything((await openLog()).read(ref));
    expect(stored?.commit).toEqual(commit);
    proxy.heal();
    await vi.waitFor(() => expect(log.connected).toBe(true), { timeout: 5_000 });
    expect(await log.append({ ...ref, commit, expected: 0 })).toEqual({ _tag: 'Stored', position: stored?.position });
    await closeAll();
    await proxy.close();
  });

  test('without a connection it is undecided, not stored later behind the back', async () => {
    const proxy = await TcpProxy.start(server.port);
    const log = await openLog({ appendMs: 500 }, proxy.port);
    proxy.refuse();
    proxy.cut();
    await vi.waitFor(() => expect(log.connected).toBe(false));
    const ref = freshRef();
    expect((await log.append({ ...ref, commit: commitOf(ref, ['a']), expected: 0 }))._tag).toBe('Undecided');
    proxy.heal();
    await vi.waitFor(() => expect(log.connected).toBe(true), { timeout: 5_000 });
    await appendMany(log, freshRef(), 1);
    expect(await everything(log.read(ref))).toEqual([]);
    await closeAll();
    await proxy.close();
  });

  test('closing the log decides every append that waits', async () => {
    const proxy = await TcpProxy.start(server.port);
    const log = await openLog({}, proxy.port);
    proxy.drop('downstream');
    const ref = freshRef();
    const appending = log.append({ ...ref, commit: commitOf(ref, ['a']), expected: 0 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    log.close();
    expect((await appending)._tag).toBe('Undecided');
    await closeAll();
    await proxy.close();
  });
});

describe('a server of its own', () => {
  let own: NatsServer;
  afterEach(async () => {
    await closeAll();
    await own.stop();
  });

  test('the same commit after the duplicate window is still stored once', async () => {
    own = await startNats();
    const log = await openLog({ duplicateWindowMs: 100 }, own.port);
    const ref = freshRef();
    const [first] = await appendMany(log, ref, 1);
    const commit = commitOf(ref, ['once'], first?.commit);
    const append = { ...ref, commit, expected: first?.position ?? 0 };
    const position = positionOf(await log.append(append));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(positionOf(await log.append(append))).toBe(position);
    const stored: Stored = { tenant: 't', position, commit };
    await log.append({ ...ref, commit: commitOf(ref, ['after'], commit), expected: position });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(positionOf(await log.append(append))).toBe(position);
    expect((await everything(log.read(ref))).slice(0, 2)).toEqual([first, stored]);
  });

  test('killed and restarted under load, it has every commit that was said to be stored, exactly once', async () => {
    own = await startNats();
    const log = await openLog({}, own.port);
    const stop = new AbortController();
    const seen: Stored[] = [];
    const following = follow(log, { after: 0, follow: true, signal: stop.signal }, seen);
    let running = true;
    const conversations = Array.from({ length: 60 }, async () => {
      const ref = freshRef();
      const stored: Stored[] = [];
      while (running) {
        const last = stored.at(-1);
        const commit = commitOf(ref, [`message ${stored.length}`], last?.commit);
        const outcome = await log.append({ ...ref, commit, expected: last?.position ?? 0 });
        // One writer a session: nothing but its own commits can be there.
        expect(outcome._tag).toBe('Stored');
        if (outcome._tag === 'Stored') stored.push({ tenant: 't', position: outcome.position, commit });
      }
      return { ref, stored };
    });
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 400));
      await own.kill('SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 200));
      await own.restart();
    }
    await new Promise((resolve) => setTimeout(resolve, 400));
    running = false;
    const all = await Promise.all(conversations);
    for (const { ref, stored } of all) expect(await everything(log.read(ref))).toEqual(stored);
    const inOrder = all.flatMap(({ stored }) => stored).sort((a, b) => a.position - b.position);
    expect(inOrder.length).toBeGreaterThan(200);
    expect(await everything(log.scan({ after: 0 }))).toEqual(inOrder);
    await seenAtLeast(seen, inOrder.length);
    stop.abort();
    await following;
    expect(seen).toEqual(inOrder);
  });

  test('a log that has lost acknowledged commits is refused by whoever knows them', async () => {
    own = await startNats();
    const log = await openLog({}, own.port);
    await appendMany(log, freshRef(), 5);
    const manager = await jetstreamManager(opened[0]?.connection as NatsConnection);
    const { config } = await manager.streams.info('KEFU_EV');
    await manager.streams.delete('KEFU_EV');
    await vi.waitFor(() => manager.streams.add(config));
    await expect(log.head()).rejects.toThrow(LogWentBack);
    await expect(log.head()).rejects.toThrow(/ends at position 0, but position 5 was acknowledged/);
    const ref = freshRef();
    await expect(log.append({ ...ref, commit: commitOf(ref, ['a']), expected: 0 })).rejects.toThrow(LogWentBack);
  });
});
