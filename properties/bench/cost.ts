/** What an operation has cost: CPU of every server process, summed, over how many there were. */

import { cpus } from 'node:os';
import { machineCpuNs, type ProcessGroups, spentBetween, type Usages, usagesOf } from './processes.ts';
import { type Figure, figure } from './result.ts';

/** The profile that capacity is told for. */
const CORES = 4;
const LOAD = 'load';

export interface Spent {
  readonly usages: Usages;
  readonly tookMs: number;
  /** What the rest of the machine was busy with, as a share of all its cores: it makes figures worse, never better. */
  readonly elsewhere: number;
}

/** Does it, and says what all processes have spent meanwhile; what makes the load is kept apart. */
export const measured = async <A>(
  servers: () => ProcessGroups,
  loadPids: readonly number[],
  what: () => Promise<A>,
): Promise<{ readonly value: A; readonly spent: Spent }> => {
  const groups = { ...servers(), [LOAD]: loadPids };
  const [before, machineBefore, ownBefore, startMs] = [usagesOf(groups), machineCpuNs(), ownCpuNs(), performance.now()];
  const value = await what();
  const tookMs = performance.now() - startMs;
  const usages = spentBetween(before, usagesOf(groups));
  const known = Object.values(usages).reduce((sum, { cpuNs }) => sum + cpuNs, 0) + ownCpuNs() - ownBefore;
  const elsewhere = (machineCpuNs() - machineBefore - known) / (tookMs * 1e6 * cpus().length);
  return { value, spent: { usages, tookMs, elsewhere: Math.max(0, elsewhere) } };
};

const ownCpuNs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1_000;
};

/** µs of all servers and of each, what that makes on four cores, wake-ups, memory; and beside it what is not theirs. */
export const costFigures = ({ usages, elsewhere }: Spent, operations: number): readonly Figure[] => {
  const perOperationUs = (ns: number): number => ns / 1_000 / operations;
  const servers = Object.entries(usages).filter(([name]) => name !== LOAD);
  const sumUs = servers.reduce((sum, [, { cpuNs }]) => sum + perOperationUs(cpuNs), 0);
  const sleeps = servers.reduce((sum, [, usage]) => sum + usage.sleeps, 0) / operations;
  return [
    figure('CPU', 'µs', sumUs),
    ...servers.map(([name, { cpuNs }]) => figure('of that', 'µs', perOperationUs(cpuNs), name)),
    figure(`on ${CORES} cores`, '/s', (CORES * 1_000_000) / sumUs),
    figure('wake-ups', '', sleeps),
    ...servers.map(([name, { rssBytes }]) => figure('memory', 'MB', rssBytes / 2 ** 20, name)),
    ...(LOAD in usages ? [figure('load', 'µs', perOperationUs(usages[LOAD]?.cpuNs ?? 0))] : []),
    figure('elsewhere', '%', elsewhere * 100),
  ];
};
