import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { isCertainlyGone, type ProcessIdentity, thisProcess } from './process-identity.ts';

let child: ChildProcess | undefined;

afterEach(() => child?.kill('SIGKILL'));

/** A process of its own that does nothing, as it would describe itself. */
const another = async (): Promise<ProcessIdentity> => {
  child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => 0, 1000)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout ?? child, 'data');
  const pid = child.pid ?? 0;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return { ...thisProcess(), pid, startedAt: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '' };
};

describe.runIf(process.platform === 'linux')('whether a process is certainly gone', () => {
  it('is not while it runs, nor while it is stopped, and is when it was killed', async () => {
    const identity = await another();
    expect(isCertainlyGone(identity)).toBe(false);
    child?.kill('SIGSTOP');
    expect(isCertainlyGone(identity)).toBe(false);
    const exited = once(child ?? process, 'exit');
    child?.kill('SIGKILL');
    await exited;
    expect(isCertainlyGone(identity)).toBe(true);
  });

  it('is when its number belongs to another process by now', async () => {
    const identity = await another();
    expect(isCertainlyGone({ ...identity, startedAt: '1' })).toBe(true);
  });

  it('is never known of another machine, or of a process that did not say when it started', () => {
    const gone = { ...thisProcess(), pid: 2 ** 30, startedAt: '1' };
    expect(isCertainlyGone(gone)).toBe(true);
    expect(isCertainlyGone({ ...gone, host: 'elsewhere' })).toBe(false);
    expect(isCertainlyGone({ ...gone, startedAt: '' })).toBe(false);
  });

  it('is not true of this process', () => {
    expect(isCertainlyGone(thisProcess())).toBe(false);
  });
});
