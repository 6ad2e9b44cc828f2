import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Redis } from 'ioredis';
import { connect } from 'nats';
import { describe, expect, test, vi } from 'vitest';
import { launchChromium } from './chromium.ts';
import { startNats, startNatsCluster } from './nats.ts';
import { startRedis } from './redis.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** What a stopped server must leave behind: nothing. */
const expectGone = (server: { readonly pid: () => number; readonly storeDir: string }): void => {
  expect(isAlive(server.pid())).toBe(false);
  expect(existsSync(join(server.storeDir, '..'))).toBe(false);
};

describe('nats-server', () => {
  test('a stored message survives kill -9 and restart, and stop leaves nothing', async () => {
    const server = await startNats();
    const before = await connect({ servers: server.url });
    await (await jetstreamManager(before)).streams.add({ name: 'kept', subjects: ['kept.>'] });
    const stored = await jetstream(before).publish('kept.one', 'hello');
    const firstPid = server.pid();
    await server.kill('SIGKILL');
    expect(isAlive(firstPid)).toBe(false);
    await before.close();

    await server.restart();
    expect(server.pid()).not.toBe(firstPid);
    const after = await connect({ servers: server.url });
    const message = await (await jetstreamManager(after)).streams.getMessage('kept', { seq: stored.seq });
    expect(message?.string()).toBe('hello');
    await after.close();

    await server.stop();
    expectGone(server);
  });

  test('settings reach the server, and a store folder the caller named stays', async () => {
    const storeDir = await mkdtemp(join(tmpdir(), 'kefu-named-store-'));
    const server = await startNats({ storeDir, config: ['max_payload: 65536'], jetstream: ['sync_interval: always'] });
    const connection = await connect({ servers: server.url });
    expect(connection.info?.max_payload).toBe(65_536);
    await connection.close();
    await server.stop();
    expect(await readdir(storeDir)).toContain('jetstream');
    await rm(storeDir, { recursive: true });
  });

  test('three members form a cluster that keeps three copies', async () => {
    const servers = await startNatsCluster(3);
    const connection = await connect({ servers: servers.map((server) => server.url) });
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const info = await vi.waitFor(
      () => manager.streams.add({ name: 'copies', subjects: ['copies.>'], num_replicas: 3 }),
      { timeout: 20_000, interval: 100 },
    );
    expect(info.config.num_replicas).toBe(3);
    await connection.close();
    await Promise.all(servers.map((server) => server.stop()));
    servers.forEach(expectGone);
  });

  test('a configuration it refuses is an error with its own words, and leaves no folder', async () => {
    const folders = async (): Promise<number> =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('kefu-nats-')).length;
    const before = await folders();
    await expect(startNats({ config: ['no_such_setting: 1'] })).rejects.toThrow(/no_such_setting/);
    expect(await folders()).toBeLessThanOrEqual(before);
  });
});

describe('redis-server', () => {
  test('an appended write survives kill -9 and restart, and stop leaves nothing', async () => {
    const server = await startRedis({ appendOnly: 'always' });
    const before = new Redis(server.url);
    await before.set('kept', 'hello');
    expect(await before.info('memory')).toContain('maxmemory_policy:noeviction');
    await server.kill('SIGKILL');
    before.disconnect();

    await server.restart();
    const after = new Redis(server.url);
    expect(await after.get('kept')).toBe('hello');
    after.disconnect();

    await server.stop();
    expectGone(server);
  });

  test('without an append-only file a restart forgets, as a cache that was emptied', async () => {
    const server = await startRedis();
    const before = new Redis(server.url);
    await before.set('lost', 'hello');
    before.disconnect();
    await server.kill();
    await server.restart();
    const after = new Redis(server.url);
    expect(await after.get('lost')).toBeNull();
    after.disconnect();
    await server.stop();
  });
});

describe('when the process that started a server ends badly', () => {
  const startElsewhere = async (...args: readonly string[]) => {
    const run = fileURLToPath(new URL('../run.mjs', import.meta.url));
    const file = fileURLToPath(new URL('./start-and-wait.ts', import.meta.url));
    const parent = spawn(process.execPath, [run, file, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    for await (const line of createInterface(parent.stdout)) {
      return { parent, ...(JSON.parse(line) as { readonly pid: number; readonly storeDir: string }) };
    }
    throw new Error('the other process printed nothing');
  };

  test.each(['crash', 'SIGTERM', 'SIGINT'] as const)('%s: neither process nor folder stays', async (ending) => {
    const { parent, pid, storeDir } = await startElsewhere(ending);
    if (ending !== 'crash') parent.kill(ending);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
    await vi.waitFor(() => expect(existsSync(storeDir)).toBe(false), { timeout: 10_000 });
  });

  // Nobody is left to remove the folder then, and only the kernel to end the process.
  test.runIf(existsSync('/usr/bin/setpriv'))('SIGKILL: the process does not stay', async () => {
    const { parent, pid, storeDir } = await startElsewhere('SIGKILL');
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
    await rm(join(storeDir, '..'), { recursive: true });
  });
});

test('chromium renders a page', async () => {
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.setContent('<title>客服</title>');
  expect(await page.title()).toBe('客服');
  await browser.close();
});
