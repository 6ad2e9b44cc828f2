import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LmdbWorkerSlots } from '../../infra/lmdb/slots.ts';
import { LmdbStore } from '../../infra/lmdb/store.ts';
import { connectNats } from '../../infra/nats/connect.ts';
import { NatsWorkerSlots } from '../../infra/nats/slots.ts';
import { MemoryWorkerSlots } from '../doubles/memory-worker-slots.ts';
import { startNats } from '../servers/nats.ts';
import { workerSlotsLaws } from './worker-slots.ts';

/** Few, so that a law that waits for one slot need not hold a thousand others. */
const WORKERS = 32;

workerSlotsLaws('memory', async (now) => {
  const slots = new MemoryWorkerSlots(now, WORKERS);
  return { slots, another: async () => slots, close: async () => undefined };
});

workerSlotsLaws('LMDB', async (now) => {
  const folder = await mkdtemp(join(tmpdir(), 'kefu-slots-'));
  const clock = { now, monotonicMs: () => performance.now() };
  let store = await LmdbStore.open({ folder });
  return {
    slots: new LmdbWorkerSlots(store, clock, WORKERS),
    another: async () => {
      await store.close();
      store = await LmdbStore.open({ folder });
      return new LmdbWorkerSlots(store, clock, WORKERS);
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});

workerSlotsLaws('NATS', async (now) => {
  const server = await startNats();
  const clock = { now, monotonicMs: () => performance.now() };
  const connections = [await connectNats({ servers: server.url })];
  const another = async (): Promise<NatsWorkerSlots> => {
    const connection = await connectNats({ servers: server.url });
    connections.push(connection);
    return NatsWorkerSlots.open(connection, clock, { workers: WORKERS });
  };
  return {
    slots: await another(),
    another,
    close: async () => {
      for (const connection of connections) await connection.close();
      await server.stop();
    },
  };
});
