/** What every server of the tests can do: be killed, come back on the same port and store, and vanish. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, endChild, forgetFolder, removeFolderAtExit } from './child.ts';
import { freePort } from './free-port.ts';

export interface Server {
  readonly url: string;
  readonly port: number;
  readonly storeDir: string;
  /** Of the process that runs now; another one after `restart`. */
  readonly pid: () => number;
  /** Sends the signal, SIGKILL unless told, and waits until the process is gone. The store stays. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
  /** Ends the process if it still runs, and starts another on the same port and store. */
  readonly restart: () => Promise<void>;
  /** Ends the process and removes what it wrote. A store folder the caller named stays. */
  readonly stop: () => Promise<void>;
}

export interface Place {
  readonly port: number;
  readonly storeDir: string;
  /** For configuration files; removed by `stop`. */
  readonly home: string;
}

export interface ServerOptions {
  readonly port?: number;
  readonly storeDir?: string;
}

const PORT_ATTEMPTS_MAX = 5;

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && /address already in use|is in use|bind:|EADDRINUSE/i.test(error.message);

/** `launch` starts the process in the given place and resolves once it answers. */
export const startServer = async (
  name: string,
  options: ServerOptions,
  launch: (place: Place) => Promise<Child>,
): Promise<Server> => {
  const home = await mkdtemp(join(tmpdir(), `kefu-${name}-`));
  removeFolderAtExit(home);
  const removeHome = async (): Promise<void> => {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
    forgetFolder(home);
  };

  // Between finding a free port and the server taking it, another test may be quicker.
  const launchSomewhere = async (): Promise<{ readonly place: Place; readonly child: Child }> => {
    for (let attempt = 1; ; attempt += 1) {
      const place = {
        home,
        storeDir: options.storeDir ?? join(home, 'store'),
        port: options.port ?? (await freePort()),
      };
      try {
        return { place, child: await launch(place) };
      } catch (error) {
        if (options.port !== undefined || attempt === PORT_ATTEMPTS_MAX || !isPortTaken(error)) {
          await removeHome();
          throw error;
        }
      }
    }
  };

  const first = await launchSomewhere();
  let child = first.child;
  return {
    url: `${name}://127.0.0.1:${first.place.port}`,
    port: first.place.port,
    storeDir: first.place.storeDir,
    pid: () => child.pid,
    kill: (signal = 'SIGKILL') => child.kill(signal),
    restart: async () => {
      await endChild(child);
      child = await launch(first.place);
    },
    stop: async () => {
      await endChild(child);
      await removeHome();
    },
  };
};
