/** The size of machine that is measured: so many cores and so much memory for the servers, where this one can be cut to it. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Profile {
  /** What was kept of it and what was not, in words for the results. */
  readonly said: string;
  /** Lets a process out again that makes load: it has the cores that are left, and memory of its own. */
  release(pid: number): Promise<void>;
  /** Lets this process out, too. */
  end(): void;
}

export interface Asked {
  readonly cores?: number;
  readonly memoryBytes?: number;
}

/**
 * From here on this process, and every server that it starts, has so many cores and so much memory. Needs `taskset` and a
 * memory controller of cgroups that may be written; what cannot be had is said, never pretended.
 */
export const keepTo = async ({ cores: wanted, memoryBytes }: Asked): Promise<Profile> => {
  const cores = wanted === undefined ? undefined : await pinned(wanted);
  const memory = memoryBytes === undefined ? undefined : confined(memoryBytes);
  if (memory !== undefined) process.once('exit', () => memory.end());
  return {
    said: [cores?.said ?? 'all cores, shared with the load', memory?.said ?? 'all memory'].join(', '),
    release: async (pid) => {
      memory?.release(pid);
      await cores?.release(pid);
    },
    end: () => memory?.end(),
  };
};

interface Kept {
  readonly said: string;
  release(pid: number): Promise<void>;
}

const pinned = async (wanted: number): Promise<Kept> => {
  // The machine's, whatever this process was already pinned to.
  const there = cpus().length;
  const stay = (): Promise<void> => Promise.resolve();
  if (wanted > there)
    return { said: `${there} cores and not the ${wanted} asked for, shared with the load`, release: stay };
  if (!(await pin(process.pid, `0-${wanted - 1}`)))
    return { said: `not pinned to ${cores(wanted)}, because taskset cannot`, release: stay };
  if (wanted === there) return { said: `pinned to ${cores(wanted)}, shared with the load`, release: stay };
  return {
    said: `pinned to ${cores(wanted)}, the load to the other ${there - wanted}`,
    release: async (pid) => void (await pin(pid, `${wanted}-${there - 1}`)),
  };
};

const cores = (number: number): string => `${number} ${number === 1 ? 'core' : 'cores'}`;

/** With all its threads. */
const pin = async (pid: number, list: string): Promise<boolean> => {
  try {
    await promisify(execFile)('taskset', ['--all-tasks', '--cpu-list', '--pid', list, String(pid)]);
    return true;
  } catch {
    return false;
  }
};

const ROOT = '/sys/fs/cgroup';

/** Where memory is bounded: in the one hierarchy of version 2, or in that of its own of version 1. */
const memoryHierarchy = (): { readonly folder: string; readonly limit: string } | undefined => {
  const controllers = join(ROOT, 'cgroup.controllers');
  if (existsSync(controllers) && /\bmemory\b/.test(readFileSync(controllers, 'utf8')))
    return { folder: ROOT, limit: 'memory.max' };
  const first = join(ROOT, 'memory');
  return existsSync(join(first, 'memory.limit_in_bytes'))
    ? { folder: first, limit: 'memory.limit_in_bytes' }
    : undefined;
};

const confined = (bytes: number): Omit<Kept, 'release'> & { release(pid: number): void; end(): void } => {
  const [asked, nothing] = [`${(bytes / 2 ** 30).toFixed(1)} GB of memory`, (): void => undefined];
  const hierarchy = memoryHierarchy();
  if (hierarchy === undefined)
    return { said: `${asked} not kept, because there is no memory controller`, release: nothing, end: nothing };
  const group = join(hierarchy.folder, `kefu-bench-${process.pid}`);
  const moveTo = (folder: string, pid: number): void => writeFileSync(join(folder, 'cgroup.procs'), String(pid));
  try {
    if (hierarchy.limit === 'memory.max') writeFileSync(join(hierarchy.folder, 'cgroup.subtree_control'), '+memory');
    mkdirSync(group);
    writeFileSync(join(group, hierarchy.limit), String(bytes));
    moveTo(group, process.pid);
  } catch {
    return { said: `${asked} not kept, because cgroups may not be written`, release: nothing, end: nothing };
  }
  return {
    said: `${asked} (cgroup)`,
    release: (pid) => moveTo(hierarchy.folder, pid),
    end: () => {
      if (!existsSync(group)) return;
      // An empty group alone can be removed; whoever is still in it is about to end.
      const inside = readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean);
      for (const pid of inside) moveTo(hierarchy.folder, Number(pid));
      rmdirSync(group);
    },
  };
};
