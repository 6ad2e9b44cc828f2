/** Where figures come from: which machine, which versions, which code, which command. */
import { execFile } from 'node:child_process';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import { type Binary, natsServer, redisServer } from '../servers/binaries.ts';
import { natsSettings } from './nats-settings.ts';
import type { Backend } from './stage.ts';

export interface Provenance {
  /** Such as `2 × AMD EPYC, 24 GB, Linux 6.18 x64`. */
  readonly machine: string;
  /** Such as `Node 20.20.2, nats-server 2.15.1, redis-server 7.0.15`. */
  readonly versions: string;
  /** Of Kefu, with a `+` where something in it was not committed. */
  readonly commit: string;
  /** The day, in UTC. */
  readonly day: string;
  readonly command: string;
  readonly runs: number;
  /** What of the profile that was asked for the machine could keep. */
  readonly profile: string;
}

export const nodeMajor = Number(process.versions.node.split('.', 1)[0]);

export const provenance = async (
  backend: Backend,
  { command, runs, profile }: Pick<Provenance, 'command' | 'runs' | 'profile'>,
): Promise<Provenance> => {
  const servers = backend === 'nats' ? await Promise.all([natsServer(), redisServer()]) : [];
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${memoryGb} GB, ${type()} ${release().split('.', 2).join('.')} ${arch()}`,
    versions: [`Node ${process.versions.node}`, ...servers.map(versionOf)].join(', '),
    commit: await commitOf(),
    day: new Date().toISOString().slice(0, 10),
    command,
    runs,
    profile,
  };
};

const versionOf = ({ name, version }: Binary): string => {
  const settings = name === 'nats-server' ? Object.entries(natsSettings.environment) : [];
  return [`${name} ${version}`, ...settings.map(([key, value]) => `${key}=${value}`)].join(' with ');
};

/** `unknown` outside a repository, such as in an unpacked archive. */
const commitOf = async (): Promise<string> => {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('git', [...args])).stdout.trim();
  try {
    const changed = await git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!properties');
    return `${await git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
};
