/** The newest positions that this process has had acknowledged, for readers that must not answer with less. */
import type { SessionRef } from '../events/names.ts';
import { shardOf } from '../events/shard.ts';

export class Acknowledged {
  readonly #positions: number[];
  readonly #owned: () => ReadonlySet<number>;

  constructor(shards: number, owned: () => ReadonlySet<number>) {
    this.#positions = Array.from({ length: shards }, () => 0);
    this.#owned = owned;
  }

  stored({ session }: SessionRef, position: number): void {
    const shard = shardOf(session, this.#positions.length);
    if (position > (this.#positions[shard] ?? 0)) this.#positions[shard] = position;
  }

  /** Over the shards that are this process's now: what it had acknowledged in others is another's to show. */
  newest(): number {
    let newest = 0;
    for (const shard of this.#owned()) newest = Math.max(newest, this.#positions[shard] ?? 0);
    return newest;
  }
}
