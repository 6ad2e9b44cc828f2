/** A machine that runs Kefu: `kefu serve` with several workers, all of which can be struck one by one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startChild } from '../servers/child.ts';
import { answers, untilReady } from '../servers/ready.ts';
import { type Server, startServer } from '../servers/server.ts';

export interface Machine extends Server {
  /** Process ids of the workers that run now. */
  readonly workers: () => readonly number[];
  /** Whether it says that it is able to serve. */
  readonly isReady: () => Promise<boolean>;
}

export interface MachineOptions {
  readonly workers: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The built command line; dist/ where none is given. */
  readonly main?: string;
  /** Where its output is added; nowhere when not named. */
  readonly logFile?: string;
}

const MAIN = fileURLToPath(new URL('../../dist/infra/cli/main.js', import.meta.url));
const READY = 'GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n';

/** A machine that is killed and restarted keeps its port. Throws where the command line was never built. */
export const startMachine = async (options: MachineOptions): Promise<Machine> => {
  const { workers, environment, main = MAIN, logFile } = options;
  if (!existsSync(main)) throw new Error(`${main} is not there; run \`npm run build\` first`);
  const isReady = (port: number): Promise<boolean> =>
    answers(port, READY, (answer) => answer.startsWith('HTTP/1.1 200 '));
  const server = await startServer('kefu', {}, async ({ port, storeDir }) => {
    // As its users start it: the first line of the file says how.
    const command = [main, 'serve'];
    const [program = '', ...args] =
      logFile === undefined ? command : ['/bin/sh', '-c', `exec "$@" >>'${logFile}' 2>&1`, 'kefu', ...command];
    const child = startChild(program, args, {
      ...withoutSettings(process.env),
      KEFU_PORT: String(port),
      KEFU_DATA_DIR: storeDir,
      KEFU_WORKERS: String(workers),
      KEFU_LOG_LEVEL: 'warn',
      // What is compared at the end must have come to rest: no fact may come of time alone.
      KEFU_DEADLINE_FIRST_RESPONSE_MS: '0',
      ...environment,
    });
    await untilReady('kefu', child, () => isReady(port));
    return child;
  });
  return {
    ...server,
    url: `http://127.0.0.1:${server.port}`,
    workers: () => childrenOf(server.pid()),
    isReady: () => isReady(server.port),
  };
};

const withoutSettings = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('KEFU_')));

/** Zombies left out. The name, second in the line, may hold spaces. */
const childrenOf = (parent: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const [state, ppid] = statOf(pid);
      return Number(ppid) === parent && state !== 'Z';
    });

const statOf = (pid: number): readonly string[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
};
