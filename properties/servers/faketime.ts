/** A process whose system clock can be set while it runs, through libfaketime. */
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFolder } from './cache-folder.ts';
import { removeFolderAtExit } from './child.ts';
import { openDebian } from './debian.ts';

const LIBRARY = 'faketime/libfaketime.so.1';

export interface FakeClock {
  /** What a process must be started with to go by this clock. */
  readonly environment: Readonly<Record<string, string>>;
  /** Moves the clock against the real one, such as `-1d`, `+90s` or `+0`; every process that goes by it follows at once. */
  set(offset: string): void;
}

/** The monotonic clock stays the real one, as it does when an operator sets the time. */
export const fakeClock = async (): Promise<FakeClock> => {
  const library = await findLibrary();
  const folder = mkdtempSync(join(tmpdir(), 'kefu-clock-'));
  removeFolderAtExit(folder);
  const file = join(folder, 'offset');
  const set = (offset: string): void => writeFileSync(file, `${offset}\n`);
  set('+0');
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
  };
};

const findLibrary = async (): Promise<string> => {
  const installed = libraryBelow('/');
  if (installed !== undefined) return installed;
  const folder = await cachedFolder('libfaketime-debian', async (draft) => {
    const debian = await openDebian('own');
    try {
      await debian.unpack(['libfaketime'], draft);
    } finally {
      await debian.close();
    }
  });
  const unpacked = libraryBelow(folder);
  if (unpacked === undefined) throw new Error('the package libfaketime holds no library; install libfaketime');
  return unpacked;
};

/** Below `usr/lib`, in a folder named for the machine's architecture. */
const libraryBelow = (root: string): string | undefined => {
  const libraries = join(root, 'usr/lib');
  if (!existsSync(libraries)) return undefined;
  return [libraries, ...readdirSync(libraries).map((name) => join(libraries, name))]
    .map((folder) => join(folder, LIBRARY))
    .find((path) => existsSync(path));
};
