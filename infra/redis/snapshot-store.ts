/**
 * Snapshots of sessions in Redis, a string each: `kefu-snapshot:{12}:<tenant>/<session>`, with the session's shard as hash
 * tag. The name keeps them out of whatever goes through the keys of the views, and they expire, which no view does: a Redis
 * that is told to evict what expires makes room with them alone.
 */
import type { SnapshotStore } from '../../actors/snapshot-store.ts';
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
import type { RedisClient } from './connect.ts';
import { refOf } from './keys.ts';

/** A session that nobody has used for so long is read from its beginning, in seconds. */
export const SNAPSHOT_TTL_SECONDS = 7 * 24 * 60 * 60;

/** The store does not own the client: whoever opened it closes it. Rejects when there is no connection. */
export class RedisSnapshotStore implements SnapshotStore {
  readonly #client: RedisClient;
  readonly #shards: number;

  constructor(client: RedisClient, shards: number) {
    this.#client = client;
    this.#shards = shards;
  }

  async load(ref: SessionRef): Promise<string | undefined> {
    return (await this.#client.get(this.#key(ref))) ?? undefined;
  }

  async save(ref: SessionRef, snapshot: string): Promise<void> {
    await this.#client.set(this.#key(ref), snapshot, 'EX', SNAPSHOT_TTL_SECONDS);
  }

  /** After every reconnection: a Redis, or a node of a cluster, that was started again has what its settings let it keep. */
  onDoubt(listener: () => void): void {
    this.#client.on('ready', listener);
    this.#client.on('+node', listener);
  }

  #key(ref: SessionRef): string {
    return `kefu-snapshot:{${shardOf(ref.session, this.#shards)}}:${refOf(ref)}`;
  }
}
