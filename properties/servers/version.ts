/** Asks a server's program for its version, as `major.minor.patch`. */
import { runCommand } from './run-command.ts';

export type Version = readonly [major: number, minor: number, patch: number];

export const versionOf = async (path: string): Promise<Version> => {
  const text = await runCommand(path, ['--version'], { timeoutMs: 10_000 });
  const found = /v=?(\d+)\.(\d+)\.(\d+)/.exec(text);
  if (found === null) throw new Error(`${path} --version printed no version`);
  return [Number(found[1]), Number(found[2]), Number(found[3])];
};

export const isAtLeast = (version: Version, [major, minor]: readonly [number, number]): boolean =>
  version[0] > major || (version[0] === major && version[1] >= minor);
