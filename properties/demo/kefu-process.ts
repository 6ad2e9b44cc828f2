/** Kefu as its users run it: the built command line, in a process of its own. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startChild } from '../servers/child.ts';
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

const isReady = (port: number): Promise<boolean> =>
  answers(port, READY, (answer) => answer.startsWith('HTTP/1.1 200 '));

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
    await untilReady('kefu', child, () => isReady(port));
    return child;
  });
  return { ...server, url: `http://127.0.0.1:${server.port}` };
};

/** What the caller's own Kefu is set to must not reach this one. */
const withoutSettings = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('KEFU_')));
