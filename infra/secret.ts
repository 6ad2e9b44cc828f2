/** The key that tokens are signed with: given, or in development made once and kept in the data folder. */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRET_BYTES_MIN } from './config.ts';
import { DependencyFailure } from './dependency-failure.ts';
import { randomToken } from './random.ts';

const FILE = 'secret.key';

/** The kept key, made now if there is none; only this user may read the file. Throws {@link DependencyFailure}. */
export const makeSecret = async (dataDir: string): Promise<string> => {
  try {
    return await keptOrMade(dataDir);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DependencyFailure(
      `the data folder ${dataDir} cannot be used (${why}); give another one in KEFU_DATA_DIR`,
    );
  }
};

/** The kept key, `undefined` where none was ever made. Read at once: a start waits for it, and threads would take turns. */
const keptSecret = (dataDir: string): string | undefined => {
  try {
    return readFileSync(join(dataDir, FILE), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const keptOrMade = async (dataDir: string): Promise<string> => {
  const kept = keptSecret(dataDir);
  if (kept !== undefined) return kept;
  await mkdir(dataDir, { recursive: true });
  // Two processes may start at once: whoever comes second takes what the first has written.
  await writeFile(join(dataDir, FILE), randomToken(SECRET_BYTES_MIN), { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return keptSecret(dataDir) ?? '';
};

export const secretBytes = (secret: string): Uint8Array => new TextEncoder().encode(secret);
