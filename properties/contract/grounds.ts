/** What a server under test stands on: a fresh data folder, or NATS and Redis of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../infra/config.ts';
import { startNats } from '../servers/nats.ts';
import { startRedis } from '../servers/redis.ts';
import type { Server } from '../servers/server.ts';

export interface Ground {
  readonly config: Pick<Config, 'dataDir' | 'natsUrl' | 'redisUrl'>;
  /** The same as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** What can be killed under the server's feet. */
  readonly servers: { readonly nats: Server; readonly redis: Server } | undefined;
  readonly remove: () => Promise<void>;
}

export interface Backend {
  readonly name: string;
  readonly lay: () => Promise<Ground>;
}

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'kefu-contract-'));

export const embedded: Backend = {
  name: 'the embedded store',
  lay: async () => {
    const dataDir = await folder();
    return {
      config: { dataDir, natsUrl: undefined, redisUrl: undefined },
      environment: { KEFU_DATA_DIR: dataDir },
      servers: undefined,
      remove: () => rm(dataDir, { recursive: true, force: true, maxRetries: 3 }),
    };
  },
};

export const natsAndRedis: Backend = {
  name: 'NATS and Redis',
  lay: async () => {
    const [dataDir, nats, redis] = await Promise.all([folder(), startNats(), startRedis()]);
    return {
      config: { dataDir, natsUrl: nats.url, redisUrl: redis.url },
      environment: { KEFU_DATA_DIR: dataDir, KEFU_NATS_URL: nats.url, KEFU_REDIS_URL: redis.url },
      servers: { nats, redis },
      remove: async () => {
        await Promise.all([nats.stop(), redis.stop(), rm(dataDir, { recursive: true, force: true })]);
      },
    };
  },
};
