import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LmdbKnowledgeLog } from '../../infra/lmdb/knowledge-log.ts';
import { LmdbStore } from '../../infra/lmdb/store.ts';
import { connectNats } from '../../infra/nats/connect.ts';
import { NatsKnowledgeLog } from '../../infra/nats/knowledge-log.ts';
import { startNats } from '../servers/nats.ts';
import { knowledgeLogLaws } from './knowledge-log.ts';

knowledgeLogLaws('LMDB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kefu-knowledge-'));
  let store = await LmdbStore.open({ folder });
  let log = new LmdbKnowledgeLog(store);
  const closeOpen = async (): Promise<void> => {
    await log.close();
    await store.close();
  };
  return {
    log,
    another: async () => {
      await closeOpen();
      store = await LmdbStore.open({ folder });
      log = new LmdbKnowledgeLog(store);
      return log;
    },
    close: async () => {
      await closeOpen();
      await rm(folder, { recursive: true });
    },
  };
});

knowledgeLogLaws('NATS', async () => {
  const server = await startNats();
  const closers: (() => Promise<void>)[] = [];
  const another = async (): Promise<NatsKnowledgeLog> => {
    const connection = await connectNats({ servers: server.url });
    const log = await NatsKnowledgeLog.open(connection);
    closers.push(async () => {
      log.close();
      await connection.close();
    });
    return log;
  };
  return {
    log: await another(),
    another,
    close: async () => {
      for (const close of closers) await close();
      await server.stop();
    },
  };
});
