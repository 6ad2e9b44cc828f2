/** The built command line, run by itself: how long until it says that it is ready, and what a command costs to its end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../servers/child.ts';
import { usageOf } from './processes.ts';

const MAIN = fileURLToPath(new URL('../../dist/infra/cli/main.js', import.meta.url));

const LOOK_EVERY_MS = 2;
const READY_MAX_MS = 120_000;
const READY_LINE = '"msg":"ready"';

type Environment = Readonly<Record<string, string>>;

export interface Started {
  readonly child: Child;
  /** From before the process was made to its ready line, seen within 2 ms. */
  readonly tookMs: number;
}

/** `kefu serve` on any free port. */
export const startServing = async (environment: Environment): Promise<Started> => {
  const startMs = performance.now();
  const child = startChild(process.execPath, [MAIN, 'serve'], {
    ...withoutSettings(process.env),
    KEFU_PORT: '0',
    KEFU_LOG_LEVEL: 'warn',
    ...environment,
  });
  while (!child.lastWords().includes(READY_LINE)) {
    if (child.hasExited()) throw new Error(`kefu ended before it was ready:\n${child.lastWords()}`);
    if (performance.now() - startMs > READY_MAX_MS) {
      await child.kill('SIGKILL');
      throw new Error(`kefu was not ready after ${READY_MAX_MS} ms:\n${child.lastWords()}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
  return { child, tookMs: performance.now() - startMs };
};

export interface Ran {
  readonly tookMs: number;
  /** Of the process alone, as it was at most 20 ms before its end. */
  readonly cpuNs: number;
  readonly stderr: string;
}

const SAMPLE_EVERY_MS = 20;

/** A command with its output thrown away. Rejects when it fails. */
export const runToEnd = async (args: readonly string[], environment: Environment): Promise<Ran> => {
  const startMs = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...withoutSettings(process.env), ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  let cpuNs = 0;
  const sampling = setInterval(() => {
    if (child.pid !== undefined && child.exitCode === null) cpuNs = Math.max(cpuNs, cpuOf(child.pid));
  }, SAMPLE_EVERY_MS);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`kefu ${args.join(' ')} ended with ${code}:\n${stderr}`);
    return { tookMs: performance.now() - startMs, cpuNs, stderr };
  } finally {
    clearInterval(sampling);
    child.kill('SIGKILL');
  }
};

const cpuOf = (pid: number): number => {
  try {
    return usageOf(pid).cpuNs;
  } catch {
    // It has ended, and this has not been told yet.
    return 0;
  }
};

const withoutSettings = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('KEFU_')));
