/** The servers that are measured: the built Kefu as its users run it, on its own or on real NATS and Redis servers. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Machine, startMachine } from '../chaos/machine.ts';
import { forgetFolder, removeFolderAtExit } from '../servers/child.ts';
import { startNats } from '../servers/nats.ts';
import { startRedis } from '../servers/redis.ts';
import type { Server } from '../servers/server.ts';
import type { Gate } from './load/gate.ts';
import { natsSettings } from './nats-settings.ts';
import type { ProcessGroups } from './processes.ts';

export const backends = ['embedded', 'nats'] as const;
export type Backend = (typeof backends)[number];

/** Where Kefu keeps everything, without a Kefu yet. */
export interface Stores {
  /** Settings of the Kefu that serves what is stored here. */
  readonly environment: Readonly<Record<string, string>>;
  readonly secret: string;
  readonly nats: Server | undefined;
  /** Process ids by server. */
  groups(): ProcessGroups;
  stop(): Promise<void>;
}

export interface Stage {
  /** The way in, for people of that name. */
  gate(name: string): Gate;
  readonly kefu: Machine;
  readonly workers: number;
  groups(): ProcessGroups;
  stop(): Promise<void>;
}

export interface StageOptions {
  readonly backend: Backend;
  readonly workers: number;
}

export const TENANT = 'bench';

const settings = {
  // One visitor who talks without a pause is a case of its own here.
  KEFU_LIMIT_FRAMES_PER_SOCKET: '0',
  // The machine of the chaos tests has none: here the policy of production is in force.
  KEFU_DEADLINE_FIRST_RESPONSE_MS: '120000',
};

/** What was started, to be stopped in reverse. */
class Started {
  readonly #stops: (() => Promise<void>)[] = [];

  keep<S extends Server>(server: S): S {
    this.#stops.unshift(() => server.stop());
    return server;
  }

  finally(stop: () => Promise<void>): void {
    this.#stops.unshift(stop);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) await stop();
  }
}

export const openStores = async (backend: Backend): Promise<Stores> => {
  const started = new Started();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'kefu-bench-'));
    removeFolderAtExit(folder);
    started.finally(async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      forgetFolder(folder);
    });
    const secret = randomBytes(32).toString('base64url');
    const nats = backend === 'nats' ? started.keep(await startNats(natsSettings)) : undefined;
    const redis = backend === 'nats' ? started.keep(await startRedis({ appendOnly: 'everysec' })) : undefined;
    return {
      environment: {
        ...settings,
        KEFU_SECRET: secret,
        KEFU_DATA_DIR: join(folder, 'data'),
        ...(nats === undefined ? {} : { KEFU_NATS_URL: nats.url }),
        ...(redis === undefined ? {} : { KEFU_REDIS_URL: redis.url }),
      },
      secret,
      nats,
      groups: () => ({
        ...(nats === undefined ? {} : { nats: [nats.pid()] }),
        ...(redis === undefined ? {} : { redis: [redis.pid()] }),
      }),
      stop: () => started.stop(),
    };
  } catch (error) {
    await started.stop();
    throw error;
  }
};

/** `prepare` finds the stores before there is a Kefu. */
export const openStage = async (
  { backend, workers }: StageOptions,
  prepare: (stores: Stores) => Promise<void> = () => Promise.resolve(),
): Promise<Stage> => {
  const stores = await openStores(backend);
  try {
    await prepare(stores);
    const kefu = await startMachine({ workers, environment: stores.environment });
    return {
      gate: (name) => ({ host: '127.0.0.1', port: kefu.port, secret: stores.secret, tenant: TENANT, name }),
      kefu,
      workers,
      groups: () => ({ kefu: [kefu.pid(), ...kefu.workers()], ...stores.groups() }),
      stop: async () => {
        await kefu.stop();
        await stores.stop();
      },
    };
  } catch (error) {
    await stores.stop();
    throw error;
  }
};
