/** Everything that can be struck: nats-server, alone or as a cluster of three, Redis, and the machines that run Kefu. */
import { randomBytes } from 'node:crypto';
import { type NatsServer, startNats, startNatsCluster } from '../servers/nats.ts';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import { type Machine, startMachine } from './machine.ts';

export interface GroundOptions {
  readonly nats: 'one' | 'three';
  readonly machines: number;
  readonly workers: number;
  readonly main?: string;
  readonly logFile?: string;
}

export interface Ground {
  readonly secret: string;
  readonly nats: readonly NatsServer[];
  readonly natsUrl: string;
  readonly redis: RedisServer;
  readonly machines: readonly Machine[];
  readonly workers: number;
  stop(): Promise<void>;
}

export const openGround = async (options: GroundOptions): Promise<Ground> => {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const server of started.splice(0)) await server.stop();
  };
  try {
    const secret = randomBytes(32).toString('base64url');
    const nats = options.nats === 'three' ? await startNatsCluster(3) : [await startNats()];
    started.unshift(...nats);
    const redis = await startRedis();
    started.unshift(redis);
    const natsUrl = nats.map(({ url }) => url).join(',');
    const environment = {
      KEFU_SECRET: secret,
      KEFU_NATS_URL: natsUrl,
      KEFU_REDIS_URL: redis.url,
      KEFU_NATS_REPLICAS: String(nats.length),
    };
    const machines: Machine[] = [];
    for (let count = 0; count < options.machines; count++) {
      const machine = await startMachine({ ...options, environment });
      started.unshift(machine);
      machines.push(machine);
    }
    return { secret, nats, natsUrl, redis, machines, workers: options.workers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
