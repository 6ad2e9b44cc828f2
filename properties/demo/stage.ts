/** The servers that a play runs on: Kefu with its own store, or with real NATS and Redis servers, or one that runs already. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { natsServer, redisServer } from '../servers/binaries.ts';
import { type NatsServer, startNats } from '../servers/nats.ts';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import type { Server } from '../servers/server.ts';
import { startKefuProcess } from './kefu-process.ts';

export type BackendName = 'embedded' | 'nats';

export interface Stage {
  /** What it is, for the report, such as `embedded`. */
  readonly name: string;
  readonly url: string;
  readonly secret: string;
  /** What runs, such as `nats-server 2.15.1`. */
  readonly versions: readonly string[];
  /** `undefined` where the server is somebody else's. */
  readonly kefu: Server | undefined;
  readonly nats: NatsServer | undefined;
  readonly redis: RedisServer | undefined;
  /** Ends what was started, and removes what it wrote. */
  stop(): Promise<void>;
}

/** A server that runs already; it is spoken to and left as it is. Throws where none answers. */
export const runningStage = async (url: string, secret: string): Promise<Stage> => {
  const answer = await fetch(`${url}/readyz`).catch(() => undefined);
  if (answer?.status !== 200) throw new Error(`no Kefu that is ready to serve answers at ${url}`);
  return {
    name: `the server at ${url}`,
    url,
    secret,
    versions: [`node ${process.versions.node} (this process)`],
    kefu: undefined,
    nats: undefined,
    redis: undefined,
    stop: () => Promise.resolve(),
  };
};

export const openStage = async (backend: BackendName): Promise<Stage> => {
  const started: { stop(): Promise<void> }[] = [];
  const keep = <S extends Server>(server: S): S => {
    started.unshift(server);
    return server;
  };
  const stop = async (): Promise<void> => {
    for (const server of started.splice(0)) await server.stop();
  };
  try {
    const secret = randomBytes(32).toString('base64url');
    const nats = backend === 'nats' ? keep(await startNats()) : undefined;
    const redis = backend === 'nats' ? keep(await startRedis()) : undefined;
    const kefu = keep(
      await startKefuProcess({
        secret,
        ...(nats === undefined ? {} : { natsUrl: nats.url }),
        ...(redis === undefined ? {} : { redisUrl: redis.url }),
      }),
    );
    const name = backend === 'nats' ? 'NATS and Redis' : 'embedded';
    return { name, url: kefu.url, secret, versions: await versionsOf(backend), kefu, nats, redis, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const versionsOf = async (backend: BackendName): Promise<readonly string[]> => {
  const packageJson = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(packageJson) as { readonly version: string };
  const own = [`kefu ${version}`, `node ${process.versions.node}`];
  if (backend === 'embedded') return own;
  const servers = await Promise.all([natsServer(), redisServer()]);
  return [...own, ...servers.map((server) => `${server.name} ${server.version}`)];
};
