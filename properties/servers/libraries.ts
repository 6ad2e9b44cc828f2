/** Shared libraries of a program that was unpacked beside them rather than installed. */
import { join } from 'node:path';
import type { DebianPackages } from './debian.ts';
import { runCommand } from './run-command.ts';

const MULTIARCH: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/** The value of LD_LIBRARY_PATH for libraries unpacked below `root`. */
export const libraryPath = (root: string): string => {
  const triplet = MULTIARCH[process.arch];
  const folders = triplet === undefined ? ['usr/lib', 'lib'] : [`usr/lib/${triplet}`, `lib/${triplet}`];
  return folders.map((folder) => join(root, folder)).join(':');
};

/** The sonames ldd cannot find. */
export const missingLibraries = async (program: string, root: string): Promise<readonly string[]> => {
  const env = { ...process.env, LD_LIBRARY_PATH: libraryPath(root), LC_ALL: 'C' };
  const text = await runCommand('ldd', [program], { env });
  return [...text.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
};

/** Debian names a library's package after its soname: `libssl.so.3` is in `libssl3`, perhaps with a suffix. */
const packagePrefix = (soname: string): string => {
  const [stem = soname, version = ''] = soname.toLowerCase().replaceAll('_', '-').split('.so.');
  const major = version.split('.')[0] ?? '';
  return /\d$/.test(stem) ? `${stem}-${major}` : `${stem}${major}`;
};

const ROUNDS_MAX = 3;

/** Unpacks, from among the dependencies of `packageName`, those that hold what the program still misses. */
export const addMissingLibraries = async (
  debian: DebianPackages,
  packageName: string,
  program: string,
  root: string,
): Promise<void> => {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const missing = await missingLibraries(program, root);
    if (missing.length === 0) return;
    const prefixes = missing.map(packagePrefix);
    const wanted = (await debian.dependencies(packageName)).filter((name) =>
      prefixes.some((prefix) => name.startsWith(prefix)),
    );
    if (wanted.length === 0) break;
    await debian.unpack(wanted, root);
  }
  const missing = await missingLibraries(program, root);
  if (missing.length > 0) throw new Error(`${packageName} needs libraries that were not found: ${missing.join(', ')}`);
};
