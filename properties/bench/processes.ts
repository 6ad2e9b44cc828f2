/**
 * What running processes have cost, from the kernel's own accounting: Linux only.
 *
 * CPU is user and system time of all threads, in nanoseconds from /proc/<pid>/task/<tid>/schedstat. A thread that ends takes
 * its figure along; /proc/<pid>/stat keeps it, but counts in ticks of 10 ms, so that it is only used where it knows of more.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface Usage {
  readonly cpuNs: number;
  /** Times that a thread has gone to sleep of its own accord: each is a wake-up later. */
  readonly sleeps: number;
  readonly rssBytes: number;
}

const TICK_NS = 10_000_000;
const PAGE_BYTES = 4_096;

export const usageOf = (pid: number): Usage => {
  let [threadsNs, sleeps] = [0, 0];
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const at = `/proc/${pid}/task/${thread}`;
    try {
      threadsNs += Number(readFileSync(`${at}/schedstat`, 'utf8').split(' ', 1)[0]);
      sleeps += Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`${at}/status`, 'utf8'))?.[1] ?? 0);
    } catch (error) {
      // It has ended since it was listed.
      if (!isGone(error)) throw error;
    }
  }
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, second in the line, may hold spaces; behind it the first field is number 3, and 14, 15 and 24 are wanted.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const cpuNs = Math.max(threadsNs, (ticks - 1) * TICK_NS);
  return { cpuNs, sleeps, rssBytes: Number(fields[21]) * PAGE_BYTES };
};

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');

/** Processes by what they are, such as `kefu` with its primary and its workers. */
export type ProcessGroups = Readonly<Record<string, readonly number[]>>;
export type Usages = Readonly<Record<string, Usage>>;

const nothing: Usage = { cpuNs: 0, sleeps: 0, rssBytes: 0 };

/** Sums over each group. */
export const usagesOf = (groups: ProcessGroups): Usages =>
  Object.fromEntries(
    Object.entries(groups).map(([name, pids]) => [
      name,
      pids.map(usageOf).reduce(
        (sum, each) => ({
          cpuNs: sum.cpuNs + each.cpuNs,
          sleeps: sum.sleeps + each.sleeps,
          rssBytes: sum.rssBytes + each.rssBytes,
        }),
        nothing,
      ),
    ]),
  );

/** What was spent between two looks; memory is that of the later one. */
export const spentBetween = (before: Usages, after: Usages): Usages =>
  Object.fromEntries(
    Object.entries(after).map(([name, { cpuNs, sleeps, rssBytes }]) => [
      name,
      {
        cpuNs: cpuNs - (before[name]?.cpuNs ?? 0),
        sleeps: sleeps - (before[name]?.sleeps ?? 0),
        rssBytes,
      },
    ]),
  );

/**
 * CPU time that the whole machine has spent on programs and kernel since it started, in nanoseconds, and what the
 * hypervisor kept from it: in ticks of 10 ms.
 */
export const machineCpuNs = (): number => {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = readFileSync('/proc/stat', 'utf8')
    .slice('cpu '.length)
    .trimStart()
    .split(' ', 8)
    .map(Number);
  return (user + nice + system + irq + softIrq + steal) * TICK_NS;
};
