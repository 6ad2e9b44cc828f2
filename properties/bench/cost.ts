/** What an operation has cost: CPU of every server process, summed, over how many there were. */
import { spentBetween, type Usages, usagesOf } from './processes.ts';
import type { Finding } from './result.ts';
import type { Stage } from './stage.ts';

/** The profile that capacity is told for. */
const CORES = 4;
const LOAD = 'load';

export interface Measured<A> {
  readonly value: A;
  readonly spent: Usages;
  readonly tookMs: number;
}

/** Does it, and says what all processes have spent meanwhile; what the load costs is kept apart. */
export const measured = async <A>(
  stage: Stage,
  loadPids: readonly number[],
  what: () => Promise<A>,
): Promise<Measured<A>> => {
  const groups = { ...stage.groups(), [LOAD]: loadPids };
  const before = usagesOf(groups);
  const startMs = performance.now();
  const value = await what();
  const tookMs = performance.now() - startMs;
  return { value, spent: spentBetween(before, usagesOf(groups)), tookMs };
};

const isServer = ([name]: readonly [string, unknown]): boolean => name !== LOAD;

/** µs of each server and of all, what that makes on four cores, wake-ups, memory; and beside it the load's own share. */
export const costFigures = (spent: Usages, operations: number): Finding['figures'] => {
  const each = (ns: number): number => ns / 1_000 / operations;
  const servers = Object.entries(spent).filter(isServer);
  const sumUs = servers.reduce((sum, [, { cpuNs }]) => sum + each(cpuNs), 0);
  return [
    ['sum', 'µs', sumUs],
    ...servers.map(([name, { cpuNs }]) => [name, 'µs', each(cpuNs)] as const),
    ['on 4 cores', '/s', (CORES * 1_000_000) / sumUs],
    ['sleeps', '', servers.reduce((sum, [, { sleeps }]) => sum + sleeps, 0) / operations],
    ...servers.map(([name, { rssBytes }]) => [`${name} RSS`, 'MB', rssBytes / 2 ** 20] as const),
    ['load', 'µs', each(spent[LOAD]?.cpuNs ?? 0)],
  ];
};
