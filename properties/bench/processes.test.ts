import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { machineCpuNs, spentBetween, usagesOf } from './processes.ts';

const BURN = fileURLToPath(new URL('./burn.mjs', import.meta.url));
const TICK_NS = 10_000_000;

test('CPU of a process is what it knows of itself, with threads that have ended and without what came before', async () => {
  const child = fork(BURN);
  try {
    await once(child, 'message');
    const groups = { burning: [child.pid ?? -1] };
    const [before, machineBefore] = [usagesOf(groups), machineCpuNs()];
    child.send('burn');
    const [ownNs] = (await once(child, 'message')) as [number];
    const spent = spentBetween(before, usagesOf(groups))['burning'];
    expect(ownNs).toBeGreaterThan(200_000_000);
    // A thread that ends takes what is less than a tick along, and the process goes on a little after it has told.
    expect(spent?.cpuNs).toBeGreaterThan(ownNs - 3 * TICK_NS);
    expect(spent?.cpuNs).toBeLessThan(ownNs * 1.2 + 5 * TICK_NS);
    expect(machineCpuNs() - machineBefore).toBeGreaterThan(ownNs - 10 * TICK_NS);
    expect(spent?.rssBytes).toBeGreaterThan(10 * 2 ** 20);
    expect(spent?.sleeps).toBeGreaterThan(0);
  } finally {
    child.kill('SIGKILL');
  }
});
