/**
 * Which shards this process serves. Ownership only saves work: the expected position of every append is what keeps a
 * session's history one. But a reader may trust what an owner has in memory, so that an owner whose lease has run out stops
 * at once.
 */
export interface Ownership {
  /** Whether this process may serve the shard right now, by its own monotonic clock. */
  owns(shard: number): boolean;
  /** The shards it may serve right now. */
  owned(): ReadonlySet<number>;
  /** Called after shards were gained or lost; the answer ends it. */
  onChange(listener: (change: OwnershipChange) => void): () => void;
}

export interface OwnershipChange {
  readonly gained: readonly number[];
  readonly lost: readonly number[];
}

/** For a store that belongs to one process: everything, for ever. */
export const soleOwnership = (shards: number): Ownership => {
  const all: ReadonlySet<number> = new Set(Array.from({ length: shards }, (_, shard) => shard));
  return { owns: () => true, owned: () => all, onChange: () => () => undefined };
};
