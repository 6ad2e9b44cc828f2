/** Logs in the real stores, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LmdbEventLog } from '../../infra/lmdb/event-log.ts';
import { LmdbStore } from '../../infra/lmdb/store.ts';
import { connectNats } from '../../infra/nats/connect.ts';
import { NatsEventLog, type NatsLogOptions } from '../../infra/nats/event-log.ts';
import type { LogUnderTest } from '../conformance/event-log.ts';
import { startNats } from '../servers/nats.ts';

export const logInLmdb = async (): Promise<LogUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), 'kefu-log-'));
  let store = await LmdbStore.open({ folder });
  let log = new LmdbEventLog(store);
  const close = async (): Promise<void> => {
    await log.close();
    await store.close();
  };
  return {
    log,
    reopen: async () => {
      await close();
      store = await LmdbStore.open({ folder });
      log = new LmdbEventLog(store);
      return log;
    },
    close: async () => {
      await close();
      await rm(folder, { recursive: true });
    },
  };
};

/** On a server of its own. */
export const logInNats = async (options: NatsLogOptions = {}): Promise<LogUnderTest> => {
  const server = await startNats();
  let connection = await connectNats({ servers: server.url });
  let log = await NatsEventLog.open(connection, options);
  const close = async (): Promise<void> => {
    log.close();
    await connection.close();
  };
  return {
    log,
    reopen: async () => {
      await close();
      connection = await connectNats({ servers: server.url });
      log = await NatsEventLog.open(connection, options);
      return log;
    },
    close: async () => {
      await close();
      await server.stop();
    },
  };
};
