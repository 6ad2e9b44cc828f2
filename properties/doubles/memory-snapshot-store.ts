/** Snapshots in memory, which fail or stay silent when a test wants them to. */
import type { SnapshotStore } from '../../actors/snapshot-store.ts';
import type { SessionRef } from '../../events/names.ts';

export class MemorySnapshotStore implements SnapshotStore {
  readonly saved = new Map<string, string>();
  saves = 0;
  mode: 'works' | 'fails' | 'is silent' = 'works';
  readonly #doubters: (() => void)[] = [];

  async load({ tenant, session }: SessionRef): Promise<string | undefined> {
    await this.#obey();
    return this.saved.get(`${tenant}/${session}`);
  }

  async save({ tenant, session }: SessionRef, snapshot: string): Promise<void> {
    await this.#obey();
    this.saves += 1;
    this.saved.set(`${tenant}/${session}`, snapshot);
  }

  onDoubt(listener: () => void): void {
    this.#doubters.push(listener);
  }

  /** Is started again, with nothing in it. */
  lose(): void {
    this.saved.clear();
    for (const doubt of this.#doubters) doubt();
  }

  async #obey(): Promise<void> {
    if (this.mode === 'fails') throw new Error('the snapshots cannot be reached');
    if (this.mode === 'is silent') await new Promise(() => undefined);
  }
}
