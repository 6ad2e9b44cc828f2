/** Kefu as its users run it: the built command line, in a process of its own. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../servers/child.ts';
import { answers, untilReady } from '../servers/ready.ts';
import { type Server, startServer } from '../servers/server.ts';

export interface KefuOptions {
  /** HS256 key: its being set is what makes this production mode. */
  readonly secret: string;
  readonly natsUrl?: string;
  readonly redisUrl?: string;
}

const MAIN = fileURLToPath(new URL('../../dist/infra/cli/main.js', import.meta.url));

const READY = 'GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n';

/** Asks until it is able to serve; when it never is, the error has its last answer. */
const untilServing = async (child: Child, port: number): Promise<void> => {
  let latest = 'it never answered';
  const isServing = (answer: string): boolean => {
    latest = answer;
    return answer.startsWith('HTTP/1.1 200 ');
  };
  try {
    await untilReady('kefu', child, () => answers(port, READY, isServing));
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\nlast answer: ${latest}`);
  }
};

/** A server that is killed and restarted keeps port and data. Throws where dist/ was never built. */
export const startKefuProcess = async ({ secret, natsUrl, redisUrl }: KefuOptions): Promise<Server> => {
  if (!existsSync(MAIN)) throw new Error('dist/ is not there; run `npm run build` first');
  const server = await startServer('kefu', {}, async ({ port, storeDir }) => {
    const child = startChild(process.execPath, [MAIN, 'serve'], {
      ...withoutSettings(process.env),
      KEFU_PORT: String(port),
      KEFU_DATA_DIR: storeDir,
      KEFU_SECRET: secret,
      KEFU_LOG_LEVEL: 'warn',
      ...(natsUrl === undefined ? {} : { KEFU_NATS_URL: natsUrl }),
      ...(redisUrl === undefined ? {} : { KEFU_REDIS_URL: redisUrl }),
    });
    await untilServing(child, port);
    return child;
  });
  return { ...server, url: `http://127.0.0.1:${server.port}` };
};

/** What the caller's own Kefu is set to must not reach this one. */
const withoutSettings = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('KEFU_')));
