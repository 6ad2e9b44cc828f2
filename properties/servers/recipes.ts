/** What it takes to get each server's program into a folder as `bin/<name>`. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDebian } from './debian.ts';
import { copyFromImage } from './docker-image.ts';
import { addMissingLibraries, libraryPath } from './libraries.ts';

export interface Recipe {
  readonly name: string;
  readonly variable: string;
  readonly versionMin: readonly [major: number, minor: number];
  readonly debian: (folder: string) => Promise<void>;
  readonly docker: (folder: string) => Promise<void>;
}

/** Before 2.12 JetStream silently drops settings that Kefu's promises rest on. */
export const natsRecipe: Recipe = {
  name: 'nats-server',
  variable: 'KEFU_NATS_SERVER',
  versionMin: [2, 12],
  debian: async (folder) => {
    const debian = await openDebian('sid');
    try {
      await debian.unpack(['nats-server'], folder);
    } finally {
      await debian.close();
    }
    await mkdir(join(folder, 'bin'));
    await symlink('../usr/sbin/nats-server', join(folder, 'bin', 'nats-server'));
  },
  docker: async (folder) => {
    await mkdir(join(folder, 'bin'));
    await copyFromImage('nats:2.15', ['/nats-server'], join(folder, 'bin'));
  },
};

/** A script in place of the program sets where its libraries are; `exec` keeps the process id the caller knows. */
const writeLauncher = async (folder: string): Promise<void> => {
  const path = join(folder, 'bin', 'redis-server');
  const lines = [
    '#!/bin/sh',
    'root="$(cd "$(dirname "$0")/.." && pwd)"',
    `LD_LIBRARY_PATH="${libraryPath('$root')}"`,
    'export LD_LIBRARY_PATH',
    // The program lives under redis-check-rdb and decides by the name it was called as.
    'exec "$root/usr/bin/redis-server" "$@"',
    '',
  ];
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(path, lines.join('\n'));
  await chmod(path, 0o755);
};

/** 6.2 is the first with everything the views ask of it. */
export const redisRecipe: Recipe = {
  name: 'redis-server',
  variable: 'KEFU_REDIS_SERVER',
  versionMin: [6, 2],
  debian: async (folder) => {
    const debian = await openDebian('own');
    try {
      // Debian's redis-server package holds a link to a program that comes with redis-tools.
      await debian.unpack(['redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2', 'libatomic1'], folder);
      await addMissingLibraries(debian, 'redis-tools', join(folder, 'usr/bin/redis-server'), folder);
    } finally {
      await debian.close();
    }
    await writeLauncher(folder);
  },
  docker: async (folder) => {
    await mkdir(join(folder, 'usr/bin'), { recursive: true });
    await copyFromImage('redis:8', ['/usr/local/bin/redis-server'], join(folder, 'usr/bin'));
    await writeLauncher(folder);
  },
};
