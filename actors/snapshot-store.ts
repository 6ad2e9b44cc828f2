/**
 * Where snapshots of sessions are kept, as a port: adapters in `infra/`, their common laws in `properties/`. It is a cache.
 * Losing one snapshot or all of them costs reading time, never an answer.
 */
import type { SessionRef } from '../events/names.ts';

export interface SnapshotStore {
  /** What was saved last for this session, or lately; `undefined` where there is nothing. Rejects when it cannot be asked. */
  load(ref: SessionRef): Promise<string | undefined>;
  /** Puts it in the place of what was saved before. Rejects when it cannot; sooner or later it does one of the two. */
  save(ref: SessionRef, snapshot: string): Promise<void>;
  /** Calls back each time from when on what was saved before may be gone. A store that would know is enough. */
  onDoubt?(listener: () => void): void;
}
