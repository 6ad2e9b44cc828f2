import { createServer, type Server as NetServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../../properties/servers/free-port.ts';
import { type RedisServer, startRedis } from '../../properties/servers/redis.ts';
import { DependencyFailure } from '../dependency-failure.ts';
import { connectRedis, type RedisConnection } from './connect.ts';
import { RedisSnapshotStore } from './snapshot-store.ts';
import { RedisViewStore } from './view-store.ts';

let server: RedisServer | undefined;
let connection: RedisConnection | undefined;
let mute: NetServer | undefined;

afterEach(async () => {
  connection?.close();
  mute?.close();
  await server?.stop();
  server = connection = mute = undefined;
});

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('a first connection', () => {
  test('that finds nobody says so within its bound, in one sentence without the password', async () => {
    const port = await freePort();
    const started = performance.now();
    const failed = await connectRedis(`redis://kefu:secret@127.0.0.1:${port}`, () => undefined).catch(
      (error: unknown) => error,
    );
    expect(performance.now() - started).toBeLessThan(7_000);
    expect(failed).toBeInstanceOf(DependencyFailure);
    expect(String(failed)).toMatch(/Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used.*ECONNREFUSED.*KEFU_REDIS_URL/);
    expect(String(failed)).not.toContain('secret');
  });

  test('to somebody who never answers ends as well', async () => {
    const port = await freePort();
    mute = createServer(() => undefined).listen(port);
    await expect(connectRedis(`redis://127.0.0.1:${port}`, () => undefined)).rejects.toBeInstanceOf(DependencyFailure);
  });

  test('to a cluster of which no node is there ends as well', async () => {
    const ports = [await freePort(), await freePort()];
    const urls = ports.map((port) => `redis://127.0.0.1:${port}`).join(',');
    await expect(connectRedis(urls, () => undefined)).rejects.toBeInstanceOf(DependencyFailure);
  });

  test('to a server that wants another password says so', async () => {
    server = await startRedis();
    connection = await connectRedis(server.url, () => undefined);
    await connection.client.config('SET', 'requirepass', 'right');
    const url = `redis://:wrong@127.0.0.1:${server.port}`;
    await expect(connectRedis(url, () => undefined)).rejects.toThrow(/WRONGPASS|invalid username-password/);
  });

  test('waits for a server that is still starting', async () => {
    server = await startRedis();
    await server.kill();
    const connecting = connectRedis(server.url, () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await server.restart();
    connection = await connecting;
    expect(await connection.client.ping()).toBe('PONG');
  });
});

test('a server that was started again is doubted to have what was saved', async () => {
  server = await startRedis();
  connection = await connectRedis(server.url, () => undefined);
  const store = new RedisSnapshotStore(connection.client, 2);
  let doubts = 0;
  store.onDoubt(() => {
    doubts += 1;
  });
  await server.kill();
  const { isReady } = connection;
  await until(() => !isReady());
  expect(doubts).toBe(0);
  await server.restart();
  await until(isReady);
  expect(doubts).toBe(1);
});

test('while the server is away commands fail at once, and work again when it is back', async () => {
  const troubles: string[] = [];
  server = await startRedis();
  connection = await connectRedis(server.url, ({ message }) => troubles.push(message));
  const store = new RedisViewStore(connection.client, 2);
  expect(await store.checkpoints()).toEqual([0, 0]);
  await server.kill();
  const started = performance.now();
  await expect(store.checkpoints()).rejects.toBeInstanceOf(Error);
  await expect(store.transcript({ tenant: 't', session: 's' }, { limit: 1 })).rejects.toBeInstanceOf(Error);
  expect(performance.now() - started).toBeLessThan(1_000);
  const { isReady } = connection;
  await until(() => !isReady());
  await until(() => troubles.length > 0);
  await server.restart();
  await until(isReady);
  expect(await store.checkpoints()).toEqual([0, 0]);
  // The restarted server knows no script.
  expect(await store.write({ shard: 0, expected: 0, checkpoint: 1, changes: [] })).toEqual({ _tag: 'Written' });
});

test('a server that forgets its scripts is told them again', async () => {
  server = await startRedis();
  connection = await connectRedis(server.url, () => undefined);
  const store = new RedisViewStore(connection.client, 2);
  for (let checkpoint = 1; checkpoint <= 3; checkpoint += 1) {
    await connection.client.script('FLUSH');
    expect(await store.write({ shard: 0, expected: checkpoint - 1, checkpoint, changes: [] })).toEqual({
      _tag: 'Written',
    });
  }
});

test('commands to a server that hangs fail after a bound', async () => {
  server = await startRedis();
  connection = await connectRedis(server.url, () => undefined);
  const store = new RedisViewStore(connection.client, 2);
  await store.checkpoints();
  process.kill(server.pid(), 'SIGSTOP');
  const started = performance.now();
  await expect(store.checkpoints()).rejects.toBeInstanceOf(Error);
  expect(performance.now() - started).toBeLessThan(7_000);
  process.kill(server.pid(), 'SIGCONT');
  await until(connection.isReady);
  expect(await store.checkpoints()).toEqual([0, 0]);
});
