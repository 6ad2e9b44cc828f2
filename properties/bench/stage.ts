/** The servers that are measured: the built Kefu as its users run it, on its own or on real NATS and Redis servers. */
import { randomBytes } from 'node:crypto';
import { type Machine, startMachine } from '../chaos/machine.ts';
import { startNats } from '../servers/nats.ts';
import { startRedis } from '../servers/redis.ts';
import type { Server } from '../servers/server.ts';
import type { ProcessGroups } from './processes.ts';
import { untilViewsCaughtUp } from './view-lag.ts';

export const backends = ['embedded', 'nats'] as const;
export type Backend = (typeof backends)[number];

export interface StageOptions {
  readonly backend: Backend;
  readonly workers: number;
}

export interface Stage {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly kefu: Machine;
  /** Process ids by server. */
  groups(): ProcessGroups;
  /** Resolves when everything acknowledged is in the views. */
  viewsCaughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** As in infra/deploy: what an ack survives is that of the composition which is shipped. */
const JETSTREAM = ['sync_interval: "1s"', 'max_memory_store: 256MB', 'max_file_store: 20GB'];

const environment = {
  // One visitor who talks without a pause is a case of its own here.
  KEFU_LIMIT_FRAMES_PER_SOCKET: '0',
  // The machine of the chaos tests has none: here the policy of production is in force.
  KEFU_DEADLINE_FIRST_RESPONSE_MS: '120000',
};

export const openStage = async ({ backend, workers }: StageOptions): Promise<Stage> => {
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
    const nats = backend === 'nats' ? keep(await startNats({ jetstream: JETSTREAM })) : undefined;
    const redis = backend === 'nats' ? keep(await startRedis({ appendOnly: 'everysec' })) : undefined;
    const kefu = keep(
      await startMachine({
        workers,
        environment: {
          ...environment,
          KEFU_SECRET: secret,
          ...(nats === undefined ? {} : { KEFU_NATS_URL: nats.url }),
          ...(redis === undefined ? {} : { KEFU_REDIS_URL: redis.url }),
        },
      }),
    );
    return {
      host: '127.0.0.1',
      port: kefu.port,
      secret,
      kefu,
      groups: () => ({
        kefu: [kefu.pid(), ...kefu.workers()],
        ...(nats === undefined ? {} : { nats: [nats.pid()] }),
        ...(redis === undefined ? {} : { redis: [redis.pid()] }),
      }),
      viewsCaughtUp: () => untilViewsCaughtUp(kefu.port, workers),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
