import { createServer, type Server } from 'node:net';
import { jetstreamManager, StorageType } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../../properties/servers/free-port.ts';
import { type NatsServer, startNats } from '../../properties/servers/nats.ts';
import { DependencyFailure } from '../dependency-failure.ts';
import { connectNats } from './connect.ts';
import { NatsEventLog, type NatsLogOptions } from './event-log.ts';

/** Greets like a nats-server with this INFO, and answers pings. */
const pretendServer = async (info: Readonly<Record<string, unknown>>): Promise<{ port: number; server: Server }> => {
  const port = await freePort();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (chunk.toString().includes('PING')) socket.write('PONG\r\n');
    });
    socket.write(`INFO ${JSON.stringify({ server_id: 'X', headers: true, max_payload: 1_048_576, ...info })}\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port, server };
};

const refusal = async (servers: string, connectWithinMs?: number): Promise<string> => {
  const failure: unknown = await connectNats({
    servers,
    ...(connectWithinMs === undefined ? {} : { connectWithinMs }),
  }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(DependencyFailure);
  return failure instanceof Error ? failure.message : '';
};

describe('a server that cannot serve is named, with what to do', () => {
  test('none at the address', async () => {
    const port = await freePort();
    const startedAt = performance.now();
    expect(await refusal(`nats://user:hunter2@127.0.0.1:${port}`)).toBe(
      `no NATS server could be reached at nats://127.0.0.1:${port} (connection refused); start one, or correct KEFU_NATS_URL`,
    );
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('one that takes the connection and says nothing', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    expect(await refusal(`127.0.0.1:${port}`, 300)).toMatch(/no NATS server could be reached at 127\.0\.0\.1:/);
    silent.close();
  });

  test('one that is too old', async () => {
    const { port, server } = await pretendServer({ version: '2.9.10', jetstream: true });
    expect(await refusal(`127.0.0.1:${port}`)).toMatch(/is 2\.9\.10, .*; run nats-server 2\.12 or newer$/);
    server.close();
  });

  test('one that takes only small messages', async () => {
    const { port, server } = await pretendServer({ version: '2.12.0', jetstream: true, max_payload: 65_536 });
    expect(await refusal(`127.0.0.1:${port}`)).toMatch(/65536 bytes at most/);
    server.close();
  });

  test('something that is no address', async () => {
    expect(await refusal('nats://:x:y')).toMatch(/is not the address of a NATS server/);
  });
});

describe('a stream that cannot keep the promises is refused', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNats();
  });
  afterAll(() => server.stop());

  const open = async (options: NatsLogOptions = {}): Promise<NatsEventLog> => {
    const connection = await connectNats({ servers: server.url });
    try {
      return await NatsEventLog.open(connection, options);
    } finally {
      await connection.close();
    }
  };

  const withStream = async (
    change: Parameters<Awaited<ReturnType<typeof jetstreamManager>>['streams']['add']>[0],
  ): Promise<void> => {
    const connection = await connectNats({ servers: server.url });
    const manager = await jetstreamManager(connection);
    await manager.streams.delete('KEFU_EV').catch(() => undefined);
    // The server removes the old one's folder in its own time.
    await vi.waitFor(() => manager.streams.add(change));
    await connection.close();
  };

  test('the stored shard count is taken over, and another one is refused', async () => {
    expect((await open({ shards: 16 })).shards).toBe(16);
    expect((await open()).shards).toBe(16);
    await expect(open({ shards: 32 })).rejects.toThrow(
      /it has 16 shards and the setting asks for 32; .* set KEFU_SHARDS to 16/,
    );
    await expect(open({ shards: 32 })).rejects.toBeInstanceOf(DependencyFailure);
    await expect(open({ replicas: 3 })).rejects.toThrow(/it has 1 replicas and the setting asks for 3/);
  });

  const good = {
    name: 'KEFU_EV',
    subjects: ['kefu.ev.*.*.*'],
    allow_direct: true,
    metadata: { kefu_shards: '4', kefu_hash: 'fnv1a32-avalanche' },
  };
  test.each([
    ['is none of ours', { ...good, metadata: {} }, /not made by Kefu/],
    [
      'counts shards in another way',
      { ...good, metadata: { kefu_shards: '4', kefu_hash: 'md5' } },
      /told apart by md5/,
    ],
    ['is in memory', { ...good, storage: StorageType.Memory }, /storage must be file/],
    ['forgets', { ...good, max_age: 3_600_000_000_000 }, /no max_age/],
    ['drops what is old', { ...good, max_msgs: 10 }, /discard policy must be new/],
    ['keeps the latest only', { ...good, max_msgs_per_subject: 1 }, /lose their start/],
    ['takes other subjects', { ...good, subjects: ['kefu.ev.*.*.*', 'x'] }, /subjects must be/],
  ])('one that %s', async (_name, config, message) => {
    await withStream(config);
    await expect(open()).rejects.toThrow(message);
    await expect(open()).rejects.toBeInstanceOf(DependencyFailure);
  });
});

test('an account without JetStream, reached with the name and password of the address', async () => {
  const server = await startNats({
    config: [
      'accounts { plain { users: [ { user: "kefu", password: "s3cret" } ] }, other { jetstream: enabled, users: [] } }',
    ],
  });
  expect(await refusal(`nats://127.0.0.1:${server.port}`)).toMatch(/does not let Kefu in .*correct name and password/);
  expect(await refusal(`nats://kefu:s3cret@127.0.0.1:${server.port}`)).toMatch(
    /has JetStream switched off for this account; start it with -js/,
  );
  await server.stop();
});
