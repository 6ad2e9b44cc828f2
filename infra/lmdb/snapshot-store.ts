/** Snapshots of sessions in the embedded store, beside the log that they are taken from. */
import type { Database, RootDatabase } from 'lmdb';
import type { SnapshotStore } from '../../actors/snapshot-store.ts';
import type { SessionRef } from '../../events/names.ts';

type SnapshotKey = [tenant: string, session: string];

/** The store does not own the environment: whoever opened it closes it. */
export class LmdbSnapshotStore implements SnapshotStore {
  readonly #db: Database<string, SnapshotKey>;

  constructor(root: RootDatabase) {
    this.#db = root.openDB<string, SnapshotKey>({ name: 'snapshots', encoding: 'string' });
  }

  async load({ tenant, session }: SessionRef): Promise<string | undefined> {
    this.#db.resetReadTxn();
    return this.#db.get([tenant, session]);
  }

  async save({ tenant, session }: SessionRef, snapshot: string): Promise<void> {
    await this.#db.put([tenant, session], snapshot);
  }
}
