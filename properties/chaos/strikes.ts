/** What is done to a running installation. Each strike ends when the struck thing is on its own feet again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { LEASE_MS } from '../../infra/cluster/ownership.ts';
import { connectNats } from '../../infra/nats/connect.ts';
import type { Chance } from '../demo/chance.ts';
import type { Server } from '../servers/server.ts';
import type { Ground } from './ground.ts';

type Act = (ground: Ground, chance: Chance) => Promise<string>;

/** Until others must have taken over from a process that is paused; and until they must have given up sending to it. */
const PAUSE_MS = [LEASE_MS + 2_000, LEASE_MS + 7_000] as const;
const NATS_PAUSE_MS = [1_000, 3_000] as const;
/** What is dead stays dead for a moment, as under any supervisor. */
const DOWN_MS_MAX = 1_500;

const pick = <A>(from: readonly A[], chance: Chance): A => {
  const one = from[Math.floor(chance() * from.length)];
  if (one === undefined) throw new Error('there is nothing to strike');
  return one;
};

const between = ([least, most]: readonly [number, number], chance: Chance): number =>
  Math.round(least + chance() * (most - least));

const workerOf = ({ machines }: Ground, chance: Chance): number => {
  const all = machines.flatMap(({ workers }) => workers());
  return pick(all, chance);
};

const signalled =
  (signal: NodeJS.Signals): Act =>
  (ground, chance) => {
    const pid = workerOf(ground, chance);
    process.kill(pid, signal);
    return Promise.resolve(`${signal} to worker ${pid}`);
  };

const paused = async (pid: number, forMs: number): Promise<void> => {
  process.kill(pid, 'SIGSTOP');
  try {
    await sleep(forMs);
  } finally {
    continueProcess(pid);
  }
};

const continueProcess = (pid: number): void => {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It is gone.
  }
};

const killed = async (name: string, server: Server, chance: Chance): Promise<string> => {
  const pid = server.pid();
  await server.kill('SIGKILL');
  await sleep(chance() * DOWN_MS_MAX);
  await server.restart();
  return `SIGKILL to ${name} ${pid}, started again as ${server.pid()}`;
};

const withRedis = async (url: string, act: (redis: Redis) => Promise<string>): Promise<string> => {
  const redis = new Redis(url);
  try {
    return await act(redis);
  } finally {
    redis.disconnect();
  }
};

/** The member that leads the log's stream. */
const leaderOf = async ({ nats, natsUrl }: Ground): Promise<Server | undefined> => {
  const connection = await connectNats({ servers: natsUrl });
  try {
    const reply = await connection.request('$JS.API.STREAM.INFO.KEFU_EV', '', { timeout: 2_000 });
    const { cluster } = reply.json<{ cluster?: { leader?: string } }>();
    return nats.find((_, index) => cluster?.leader === `kefu-${index + 1}`);
  } finally {
    await connection.close();
  }
};

export const acts = {
  'kill-worker': signalled('SIGKILL'),
  'term-worker': signalled('SIGTERM'),
  'pause-worker': async (ground, chance) => {
    const pid = workerOf(ground, chance);
    const forMs = between(PAUSE_MS, chance);
    await paused(pid, forMs);
    return `SIGSTOP to worker ${pid} for ${forMs} ms`;
  },
  rolling: async ({ machines, workers }, chance) => {
    const machine = pick(machines, chance);
    const before = new Set(machine.workers());
    process.kill(machine.pid(), 'SIGHUP');
    const deadline = performance.now() + ROLLED_WITHIN_MS;
    while (performance.now() < deadline) {
      const now = machine.workers();
      if (now.length === workers && !now.some((pid) => before.has(pid))) return `SIGHUP to primary ${machine.pid()}`;
      await sleep(50);
    }
    throw new Error(`the workers were not replaced within ${ROLLED_WITHIN_MS} ms`);
  },
  'kill-primary': ({ machines }, chance) => killed('primary', pick(machines, chance), chance),
  'kill-nats': async (ground, chance) => {
    const leader = ground.nats.length > 1 && chance() < 0.5 ? await leaderOf(ground) : undefined;
    const name = leader === undefined ? 'nats-server' : 'nats-server, leader of the stream,';
    return killed(name, leader ?? pick(ground.nats, chance), chance);
  },
  'pause-nats': async ({ nats }, chance) => {
    const pid = pick(nats, chance).pid();
    const forMs = between(NATS_PAUSE_MS, chance);
    await paused(pid, forMs);
    return `SIGSTOP to nats-server ${pid} for ${forMs} ms`;
  },
  'kill-redis': ({ redis }, chance) => killed('redis-server', redis, chance),
  'flush-redis': ({ redis: { url } }) =>
    withRedis(url, async (redis) => {
      const keys = await redis.dbsize();
      await redis.flushall();
      return `FLUSHALL of Redis with ${keys} keys`;
    }),
} satisfies Record<string, Act>;

const ROLLED_WITHIN_MS = 60_000;

export type Kind = keyof typeof acts;
export const kinds = Object.keys(acts) as readonly Kind[];
