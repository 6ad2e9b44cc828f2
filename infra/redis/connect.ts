/** Opens the connection to Redis or to a Redis Cluster, and keeps it. */
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { DependencyFailure } from '../dependency-failure.ts';
import { gatherWrites } from './gather-writes.ts';

export type RedisClient = Redis | Cluster;

export interface RedisConnection {
  readonly client: RedisClient;
  /** Whether commands can be sent now. */
  readonly isReady: () => boolean;
  readonly close: () => void;
}

/** Called with every trouble of the connection; it goes on trying by itself. */
export type ReportTrouble = (error: Error) => void;

const FIRST_CONNECT_MS = 5_000;
/** A server that is silent for so long while commands are under way is taken for dead. */
const SILENCE_MAX_MS = 5_000;
const RETRY_MAX_MS = 2_000;

/**
 * `urls` is one address, or the comma-separated nodes of a Redis Cluster. Throws {@link DependencyFailure} when the server
 * does not answer within 5 s. Afterwards it reconnects for ever, and commands fail at once while there is no connection:
 * who reads has the log to fall back on, who writes has a pause of its own.
 */
export const connectRedis = async (urls: string, report: ReportTrouble): Promise<RedisConnection> => {
  const nodes = urls
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
  const client = open(nodes);
  if (client instanceof Cluster) client.on('+node', gatherOn);
  else gatherOn(client);
  let latest = 'it did not answer';
  let isFirst = true;
  client.on('error', (error: Error) => {
    latest = messageOf(error);
    if (!isFirst) report(error);
  });
  const isReady = await readyWithin(client, FIRST_CONNECT_MS);
  isFirst = false;
  if (!isReady) {
    client.disconnect();
    throw new DependencyFailure(
      `Redis at ${nodes.map(withoutSecrets).join(', ')} cannot be used after ${FIRST_CONNECT_MS / 1_000} s (${latest}); start it, or correct KEFU_REDIS_URL.`,
    );
  }
  return {
    client,
    isReady: () => client.status === 'ready',
    close: () => client.disconnect(),
  };
};

const options = {
  socketTimeout: SILENCE_MAX_MS,
  connectTimeout: FIRST_CONNECT_MS,
  // A write that was cut off may have been carried out. Whoever sent it asks for the checkpoint rather than sending it again.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  retryStrategy: (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 10), RETRY_MAX_MS),
} satisfies RedisOptions;

const open = (nodes: readonly string[]): RedisClient => {
  const [first = ''] = nodes;
  if (nodes.length < 2) return new Redis(first, { ...options, lazyConnect: true });
  const { username, password, protocol } = new URL(first);
  const { retryStrategy, enableOfflineQueue, ...perNode } = options;
  const redisOptions = {
    ...perNode,
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
  const clusterOptions = {
    redisOptions,
    enableOfflineQueue,
    clusterRetryStrategy: retryStrategy,
    lazyConnect: true,
  } satisfies ClusterOptions;
  return new Cluster([...nodes], clusterOptions);
};

/** Every connection has a stream of its own. */
const gatherOn = (node: Redis): void => {
  node.on('connect', () => gatherWrites(node.stream));
};

const readyWithin = async (client: RedisClient, boundMs: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), boundMs);
  });
  const ready = new Promise<boolean>((resolve) => {
    client.once('ready', () => resolve(true));
  });
  // The first attempt may fail while the server is still starting; the client goes on by itself.
  client.connect().catch(() => undefined);
  try {
    return await Promise.race([ready, late]);
  } finally {
    clearTimeout(timer);
  }
};

const messageOf = (error: Error & { lastNodeError?: Error }): string => {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(String).join(', ');
  return error.lastNodeError?.message ?? error.message;
};

/** An address as it may be shown: user names and passwords stay out of logs. */
const withoutSecrets = (url: string): string => {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return 'an address that cannot be read';
  }
};
