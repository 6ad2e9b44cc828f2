/** One process to a folder, by a lock that the kernel takes back when its holder dies. */
import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DependencyFailure } from '../dependency-failure.ts';

/** Another process serves from the folder. */
export class FolderInUse extends DependencyFailure {
  constructor(folder: string) {
    super(
      `the data folder ${folder} is in use by another Kefu process; stop that one, or give this one another KEFU_DATA_DIR`,
    );
  }
}

/**
 * Takes the folder, which must exist; the answer gives it back. Throws {@link FolderInUse}.
 *
 * The lock is a listening socket named from the folder's real path. A name in Linux's abstract namespace has no file that
 * could outlive the process. Elsewhere the socket is a file, and one that nobody answers at is a dead process's.
 */
export const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const path = socketOf(realpathSync(folder));
  const server = (await listen(path)) ?? (await listenInstead(path));
  if (server === undefined) throw new FolderInUse(folder);
  return () => new Promise((resolve) => server.close(() => resolve()));
};

const socketOf = (realFolder: string): string => {
  const name = `kefu-${createHash('sha256').update(realFolder).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(tmpdir(), `${name}.sock`);
};

const listen = (path: string): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    // The lock is no reason for the process to live on.
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ path, exclusive: true }, () => resolve(server));
  });

/** Only a socket file can be left behind by the dead. */
const listenInstead = async (path: string): Promise<Server | undefined> => {
  if (path.startsWith('\0') || path.startsWith('\\\\') || (await isAnswered(path))) return undefined;
  rmSync(path, { force: true });
  return listen(path);
};

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
