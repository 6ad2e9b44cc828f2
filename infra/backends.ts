/** The log, the views, the snapshots and the worker slots: embedded, or NATS and Redis, as the settings say. */
import type { NatsConnection } from 'nats';
import type { Logger } from 'pino';
import type { SnapshotStore } from '../actors/snapshot-store.ts';
import type { Supervisor } from '../actors/supervisor.ts';
import type { World } from '../actors/world.ts';
import type { EventLog } from '../events/event-log.ts';
import type { KnowledgeLog } from '../events/knowledge-log.ts';
import type { WorkerSlots } from '../events/worker-slots.ts';
import type { ViewStore } from '../projections/view-store.ts';
import { Beat } from './beat.ts';
import { systemClock } from './clock.ts';
import { type Cluster, noCluster } from './cluster/no-cluster.ts';
import type { Config } from './config.ts';
import type { LmdbStore } from './lmdb/store.ts';

export interface Backends {
  readonly log: EventLog;
  readonly knowledgeLog: KnowledgeLog;
  readonly views: ViewStore;
  readonly snapshots: SnapshotStore;
  readonly slots: WorkerSlots;
  /** Joins the other processes on the same log, if there can be any. */
  readonly joinCluster: (supervisor: Supervisor, report: World['report']) => Promise<Cluster>;
  /** Whether the views are shared with the other processes, so that each keeps its own shards only. */
  readonly viewsAreShared: boolean;
  /** What cannot serve right now, such as `nats` or `redis`; empty when all is well. */
  readonly troubles: () => readonly string[];
  /** In the reverse order of opening. */
  readonly close: () => Promise<void>;
}

interface LogBackend {
  readonly log: EventLog;
  readonly knowledgeLog: KnowledgeLog;
  readonly slots: WorkerSlots;
  readonly joinCluster: Backends['joinCluster'];
  readonly isUp: () => boolean;
}

/** What has been opened, to be closed in reverse: also when something later cannot be opened. */
class Opened {
  readonly #closers: (() => Promise<void> | void)[] = [];

  add(close: () => Promise<void> | void): void {
    this.#closers.unshift(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }
}

/** Rejects with `DependencyFailure` when one of them cannot serve. Each driver is loaded only where it is used. */
export const openBackends = async (config: Config, logger: Logger, beat: Beat = unhurried()): Promise<Backends> => {
  const opened = new Opened();
  try {
    const store = usesStore(config) ? await openStore(config, opened) : undefined;
    const { log, knowledgeLog, slots, isUp, joinCluster } =
      config.natsUrl === undefined
        ? await embeddedLog(config, opened, needed(store))
        : await natsLog(config, opened, beat);
    const views = await openViews(config, logger, opened, store, log.shards);
    return {
      log,
      knowledgeLog,
      slots,
      joinCluster,
      views: views.views,
      snapshots: views.snapshots,
      viewsAreShared: config.redisUrl !== undefined,
      troubles: () => [...(isUp() ? [] : ['nats']), ...(views.isUp() ? [] : ['redis'])],
      close: () => opened.close(),
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
};

/** The logs alone, for reading beside a running server. */
export const openLogForReading = async (config: Config): Promise<Pick<Backends, 'log' | 'knowledgeLog' | 'close'>> => {
  const opened = new Opened();
  try {
    const { log, knowledgeLog } =
      config.natsUrl === undefined
        ? await embeddedLog(config, opened, await openStore(config, opened, true))
        : await natsLog(config, opened, unhurried());
    return { log, knowledgeLog, close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
};

/** For whoever serves nobody meanwhile: nothing waits for more to come. */
const unhurried = (): Beat => new Beat(systemClock.monotonicMs, 0);

const usesStore = ({ natsUrl, redisUrl }: Config): boolean => natsUrl === undefined || redisUrl === undefined;

const needed = (store: LmdbStore | undefined): LmdbStore => {
  if (store === undefined) throw new Error('the embedded log and views have a store');
  return store;
};

const openStore = async (
  { dataDir, shards, natsUrl }: Config,
  opened: Opened,
  readOnly = false,
): Promise<LmdbStore> => {
  const { LmdbStore } = await import('./lmdb/store.ts');
  const store = await LmdbStore.open({ folder: dataDir, readOnly, shards: natsUrl === undefined ? shards : undefined });
  opened.add(() => store.close());
  return store;
};

const embeddedLog = async ({ limits }: Config, opened: Opened, store: LmdbStore): Promise<LogBackend> => {
  const { LmdbEventLog } = await import('./lmdb/event-log.ts');
  const { LmdbKnowledgeLog } = await import('./lmdb/knowledge-log.ts');
  const { LmdbWorkerSlots } = await import('./lmdb/slots.ts');
  const log = new LmdbEventLog(store, { appendMs: limits.appendMs });
  opened.add(() => log.close());
  const knowledgeLog = new LmdbKnowledgeLog(store);
  opened.add(() => knowledgeLog.close());
  return {
    log,
    knowledgeLog,
    slots: new LmdbWorkerSlots(store, systemClock),
    joinCluster: (supervisor) => Promise.resolve(noCluster(supervisor, log)),
    isUp: () => true,
  };
};

const natsLog = async (
  { natsUrl, shards, natsReplicas, limits }: Config,
  opened: Opened,
  beat: Beat,
): Promise<LogBackend> => {
  const { connectNats } = await import('./nats/connect.ts');
  const { NatsEventLog } = await import('./nats/event-log.ts');
  const { NatsKnowledgeLog } = await import('./nats/knowledge-log.ts');
  const { NatsWorkerSlots } = await import('./nats/slots.ts');
  const connection: NatsConnection = await connectNats({ servers: natsUrl ?? '' });
  opened.add(() => connection.close());
  const log = await NatsEventLog.open(connection, {
    shards,
    replicas: natsReplicas,
    appendMs: limits.appendMs,
    beat,
  });
  opened.add(() => log.close());
  const knowledgeLog = await NatsKnowledgeLog.open(connection, { replicas: log.replicas, appendMs: limits.appendMs });
  opened.add(() => knowledgeLog.close());
  const slots = await NatsWorkerSlots.open(connection, systemClock, { replicas: log.replicas });
  return {
    log,
    knowledgeLog,
    slots,
    joinCluster: async (supervisor, report) => {
      const { openCluster } = await import('./cluster/cluster.ts');
      return openCluster({ connection, log, replicas: log.replicas, supervisor, clock: systemClock, beat, report });
    },
    isUp: () => log.connected,
  };
};

const openViews = async (
  { redisUrl }: Config,
  logger: Logger,
  opened: Opened,
  store: LmdbStore | undefined,
  shards: number,
): Promise<Pick<Backends, 'views' | 'snapshots'> & { readonly isUp: () => boolean }> => {
  if (redisUrl === undefined) {
    const { LmdbSnapshotStore } = await import('./lmdb/snapshot-store.ts');
    const { LmdbViewStore } = await import('./lmdb/view-store.ts');
    const { root } = needed(store);
    return { views: new LmdbViewStore(root, shards), snapshots: new LmdbSnapshotStore(root), isUp: () => true };
  }
  const { connectRedis } = await import('./redis/connect.ts');
  const { RedisSnapshotStore } = await import('./redis/snapshot-store.ts');
  const { RedisViewStore } = await import('./redis/view-store.ts');
  const redis = await connectRedis(redisUrl, (error) => logger.warn({ err: error }, 'redis'));
  opened.add(() => redis.close());
  return {
    views: new RedisViewStore(redis.client, shards),
    snapshots: new RedisSnapshotStore(redis.client, shards),
    isUp: redis.isReady,
  };
};
