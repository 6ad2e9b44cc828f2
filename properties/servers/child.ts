/**
 * A server as a child process that never outlives the process that started it.
 *
 * Only process ids started here are ever signalled. When this process ends, by return, crash or signal, its children are
 * killed and their temporary folders removed; where `setpriv` exists the kernel does the killing even after SIGKILL.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';

export interface Child {
  readonly pid: number;
  /** The last lines it printed, for error messages. */
  readonly lastWords: () => string;
  readonly hasExited: () => boolean;
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  /** Sends the signal and waits until the process is gone. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
}

const LAST_WORDS_CHARS_MAX = 4_000;
const TERM_GRACE_MS = 5_000;

const living = new Set<ChildProcess>();
const temporaryFolders = new Set<string>();
const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

const endEverything = (): void => {
  for (const child of living) child.kill('SIGKILL');
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  living.clear();
  temporaryFolders.clear();
};

let isWatching = false;
const watchOwnExit = (): void => {
  if (isWatching) return;
  isWatching = true;
  process.once('exit', endEverything);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      // Someone else who listens decides when this process ends; alone, we must end it as the default would have.
      if (process.listenerCount(signal) > 0) return;
      endEverything();
      process.kill(process.pid, signal);
    });
  }
};

/** Removes the folder when this process ends, unless `forgetFolder` comes first. */
export const removeFolderAtExit = (folder: string): void => {
  watchOwnExit();
  temporaryFolders.add(folder);
};

export const forgetFolder = (folder: string): void => void temporaryFolders.delete(folder);

/** `env` is the child's whole environment; it gets this process's own where none is given. */
export const startChild = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Child => {
  watchOwnExit();
  const [program, ...rest] =
    SETPRIV === undefined ? [command, ...args] : [SETPRIV, '--pdeathsig', 'KILL', '--', command, ...args];
  const child = spawn(program ?? command, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  living.add(child);

  let words = '';
  const listen = (chunk: Buffer): void => {
    words = (words + chunk.toString()).slice(-LAST_WORDS_CHARS_MAX);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);

  let gone = false;
  const exited = new Promise<void>((resolve) => {
    const end = (): void => {
      gone = true;
      living.delete(child);
      resolve();
    };
    child.once('exit', end);
    child.once('error', (error) => {
      words += error.message;
      if (child.pid === undefined) end();
    });
  });

  return {
    pid: child.pid ?? -1,
    lastWords: () => words.trim().split('\n').slice(-8).join('\n'),
    hasExited: () => gone,
    exited,
    kill: async (signal) => {
      if (!gone) child.kill(signal);
      await exited;
    },
  };
};

/** Asks politely, then not. */
export const endChild = async (child: Child): Promise<void> => {
  const timer = setTimeout(() => void child.kill('SIGKILL'), TERM_GRACE_MS);
  await child.kill('SIGTERM');
  clearTimeout(timer);
};
