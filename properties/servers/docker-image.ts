/**
 * Copies a program out of a Docker image.
 *
 * The program then runs as a plain child process, so that killing, restarting and measuring it work the same wherever it
 * came from. The image's container is created and removed, and never started.
 */
import { onPath, runCommand } from './run-command.ts';

const PULL_TIMEOUT_MS = 300_000;

export const copyFromImage = async (image: string, paths: readonly string[], folder: string): Promise<void> => {
  if (process.platform !== 'linux') throw new Error('programs in Docker images run on Linux only');
  if ((await onPath('docker')) === undefined) throw new Error('docker is not on PATH');
  const container = (await runCommand('docker', ['create', image], { timeoutMs: PULL_TIMEOUT_MS })).trim();
  try {
    for (const path of paths) await runCommand('docker', ['cp', `${container}:${path}`, folder]);
  } finally {
    await runCommand('docker', ['rm', container]);
  }
};
