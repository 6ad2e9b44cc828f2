/** The knowledge log in the embedded store. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'lmdb';
import { invariant } from '../../events/invariant.ts';
import type { EditAppended, EditBatches, KnowledgeEdit, KnowledgeLog, StoredEdit } from '../../events/knowledge-log.ts';
import { joinSignals } from '../joined-signal.ts';
import { storedEdit } from '../stored-edit.ts';
import type { LmdbStore } from './store.ts';
import { Wakeups } from './wakeups.ts';

type TenantKey = [tenant: string, revision: number];

const BATCH_MAX = 500;
const NOTHING = Buffer.alloc(0);

/** The store has one process and its writes are fenced, so that reading first and appends in turn are enough. */
export class LmdbKnowledgeLog implements KnowledgeLog {
  readonly #store: LmdbStore;
  /** `<tenant>\n<body>` by revision. */
  readonly #edits: Database<string, number>;
  readonly #tenants: Database<Buffer, TenantKey>;
  readonly #wakeups = new Wakeups();
  readonly #closing = new AbortController();
  #appending: Promise<unknown> = Promise.resolve();

  /** The store stays the caller's, to be closed after the log. */
  constructor(store: LmdbStore) {
    this.#store = store;
    this.#edits = store.root.openDB({ name: 'knowledge', encoding: 'string' });
    this.#tenants = store.root.openDB({ name: 'knowledge-tenants', encoding: 'binary' });
  }

  append(tenant: string, edit: KnowledgeEdit, expected: number): Promise<EditAppended> {
    invariant(!this.#store.readOnly, 'a store that is open for reading takes no appends');
    const appended = this.#appending.then(() => this.#append(tenant, edit, expected));
    this.#appending = appended.catch(() => undefined);
    return appended;
  }

  async *read(after: number, tenant?: string): EditBatches {
    for (let revision = after; ; ) {
      const batch = this.#batch(revision, tenant);
      const last = batch.at(-1);
      if (last === undefined) return;
      revision = last.revision;
      yield batch;
      await nextTurn();
    }
  }

  async *follow(after: number, signal: AbortSignal): EditBatches {
    const joined = joinSignals(this.#closing.signal, signal);
    try {
      for (let revision = after; !joined.signal.aborted; ) {
        const { count } = this.#wakeups;
        const batch = this.#batch(revision, undefined);
        revision = batch.at(-1)?.revision ?? revision;
        if (batch.length > 0) yield batch;
        else await this.#wakeups.beyond(count, joined.signal);
      }
    } finally {
      joined.release();
    }
  }

  /** Ends every reading that follows, and waits for the append under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#appending;
  }

  async #append(tenant: string, edit: KnowledgeEdit, expected: number): Promise<EditAppended> {
    const [successor] = this.#batch(expected, tenant);
    if (successor !== undefined)
      return successor.edit.edit === edit.edit
        ? { _tag: 'Stored', revision: successor.revision }
        : { _tag: 'Conflict' };
    if (expected !== this.#lastOf(tenant)) return { _tag: 'Conflict' };
    const revision = this.#last() + 1;
    await this.#store.write(() => {
      void this.#edits.put(revision, `${tenant}\n${JSON.stringify(edit)}`);
      void this.#tenants.put([tenant, revision], NOTHING);
    });
    this.#wakeups.notify();
    return { _tag: 'Stored', revision };
  }

  #batch(after: number, tenant: string | undefined): readonly StoredEdit[] {
    this.#store.root.resetReadTxn();
    if (tenant === undefined)
      return [...this.#edits.getRange({ start: after + 1, limit: BATCH_MAX })].map(({ key, value }) =>
        this.#stored(key, value),
      );
    const range = { start: [tenant, after + 1], end: [tenant, Number.MAX_SAFE_INTEGER], limit: BATCH_MAX };
    return [...this.#tenants.getKeys(range)].map(([, revision]) => this.#stored(revision, this.#edits.get(revision)));
  }

  #lastOf(tenant: string): number {
    const range = { start: [tenant, Number.MAX_SAFE_INTEGER], end: [tenant, 0], reverse: true, limit: 1 };
    for (const [, revision] of this.#tenants.getKeys(range)) return revision;
    return 0;
  }

  #last(): number {
    for (const revision of this.#edits.getKeys({ reverse: true, limit: 1 })) return revision;
    return 0;
  }

  #stored(revision: number, value = '\n'): StoredEdit {
    const tenantEnd = value.indexOf('\n');
    return storedEdit(this.#store.name, value.slice(0, tenantEnd), revision, value.slice(tenantEnd + 1));
  }
}
