/** Which process a member is, so that its death on this machine can be proved instead of waited for. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  /** The machine, and the boot of it. */
  readonly host: string;
  readonly pid: number;
  /** When the process started, in the kernel's ticks since boot; a pid that is used again has another. */
  readonly startedAt: string;
}

export const thisProcess = (): ProcessIdentity => ({
  host: hostOf(),
  pid: process.pid,
  startedAt: startOf(process.pid) ?? '',
});

/** Whether the process certainly runs no more. `false` where that cannot be known, as for another machine's. */
export const isCertainlyGone = ({ host, pid, startedAt }: ProcessIdentity): boolean => {
  if (host !== hostOf() || startedAt === '') return false;
  return startOf(pid) !== startedAt;
};

let known: string | undefined;

/** Containers of one machine share its boot id, but not their name and not their process numbers. */
const hostOf = (): string => {
  known ??= `${hostname()}/${read('/proc/sys/kernel/random/boot_id') ?? 'unknown boot'}/${pidNamespace()}`;
  return known;
};

const pidNamespace = (): string => {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
};

/** Field 22 of `/proc/<pid>/stat`; the second field, a name in brackets, may hold spaces. Zombies run no more. */
const startOf = (pid: number): string | undefined => {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
};

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
};
