/** `kefu` as it is installed: the built program, as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/infra/cli/main.js', import.meta.url));

export interface Run {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The line of its standard output with `"msg":"ready"`. Rejects when the process ends without one. */
  readonly ready: () => Promise<Readonly<Record<string, unknown>> & { readonly url: string }>;
  /** The exit code, `null` after a signal that was not handled. */
  readonly exited: Promise<number | null>;
  readonly signal: (name: NodeJS.Signals) => void;
}

const living = new Set<ChildProcess>();

/** Ends what a failed test has left running. */
export const endRuns = (): void => {
  for (const child of living) child.kill('SIGKILL');
};
process.once('exit', endRuns);

/** Runs `kefu` with these variables and no others of ours. */
export const kefu = (args: readonly string[], environment: Readonly<Record<string, string>> = {}): Run => {
  if (!existsSync(MAIN)) throw new Error('there is no built program; run `npm run build` first');
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  living.add(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString('utf8');
  });
  // `close` comes when both outputs have been read to their ends.
  const exited = once(child, 'close').then(([code]) => {
    living.delete(child);
    return code as number | null;
  });
  const readyLine = (): ReturnType<typeof linesIn>[number] | undefined =>
    linesIn(said.stdout).find((line) => line['msg'] === 'ready');
  return {
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    exited,
    signal: (name) => void child.kill(name),
    ready: async () => {
      const ended = exited.then((code) => {
        throw new Error(`kefu ended with ${code} before it was ready: ${said.stderr}`);
      });
      // Once it is ready nobody waits for its end here.
      ended.catch(() => undefined);
      for (;;) {
        const line = readyLine();
        if (line !== undefined) return line as Awaited<ReturnType<Run['ready']>>;
        await Promise.race([once(child.stdout, 'data'), ended]);
      }
    },
  };
};

const linesIn = (text: string): readonly Readonly<Record<string, unknown>>[] =>
  text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
