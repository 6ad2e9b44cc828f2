import { snapshotsInLmdb, snapshotsInMemory, snapshotsInRedis } from '../doubles/stored-snapshots.ts';
import { snapshotStoreLaws } from './snapshot-store.ts';

snapshotStoreLaws('memory', snapshotsInMemory);
snapshotStoreLaws('LMDB', snapshotsInLmdb);
snapshotStoreLaws('Redis', snapshotsInRedis);
