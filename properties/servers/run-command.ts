/** Runs a command to its end and hands back what it printed; a failure names the command and its last words. */
import { execFile } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

export const runCommand = (command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(
      command,
      [...args],
      {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        env: options.env ?? process.env,
        timeout: options.timeoutMs ?? 120_000,
        maxBuffer: OUTPUT_BYTES_MAX,
      },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout);
          return;
        }
        const lastWords = (stderr.trim() || error.message).split('\n').slice(-3).join(' | ');
        reject(new Error(`${command} ${args[0] ?? ''} failed: ${lastWords}`));
      },
    );
  });

/** Where the shell would find this command, if anywhere. */
export const onPath = async (command: string): Promise<string | undefined> => {
  try {
    return (await runCommand('sh', ['-c', 'command -v "$0"', command])).trim() || undefined;
  } catch {
    return undefined;
  }
};
