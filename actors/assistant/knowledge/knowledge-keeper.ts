/** Keeps every tenant's knowledge as the log says, and writes what people change in it. */
import type { Person } from '../../../events/facts.ts';
import type { Entry } from '../../../events/knowledge.ts';
import type { KnowledgeChange, KnowledgeLog, StoredEdit, SynonymGroups } from '../../../events/knowledge-log.ts';
import { ENTRIES_MAX } from '../../../events/limits.ts';
import type { Knowledge } from '../knowledge-base.ts';
import type { Base, TenantKnowledge } from './tenant-knowledge.ts';
import { TenantsKnowledge } from './tenants-knowledge.ts';

export interface KeeperPorts {
  readonly log: KnowledgeLog;
  readonly base: Base;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** A name that no other edit has. */
  readonly freshName: () => string;
  readonly pause: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly report: (trouble: string, detail: Readonly<Record<string, unknown>>) => void;
}

export type Edited =
  | { readonly _tag: 'Done'; readonly revision: string; readonly isNew: boolean }
  /** There is no such entry to remove. */
  | { readonly _tag: 'Unknown' }
  | { readonly _tag: 'Full' }
  /** It may be stored all the same; the same request again finds out. */
  | { readonly _tag: 'Unavailable' };

/** What a person wants of the knowledge as it stands: a change, or an outcome without one. */
type Wish = (knowledge: TenantKnowledge) => KnowledgeChange | Edited;

/** Edits of one tenant that wait for their turn. */
const WAITING_MAX = 1_000;
/** Somebody else was quicker, each time. */
const TRIES_MAX = 20;
const RETRY_MS = 200;
/** Changes that are put into the index before others get their turn. */
const APPLIED_AT_ONCE_MAX = 25;

export class KnowledgeKeeper implements Knowledge {
  readonly #ports: KeeperPorts;
  readonly #knowledge: TenantsKnowledge;
  readonly #queues = new Map<string, { tail: Promise<unknown>; waiting: number }>();
  readonly #stopping = new AbortController();
  #reached = 0;
  #following: Promise<void> = Promise.resolve();

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
    this.#knowledge = new TenantsKnowledge(ports.base);
  }

  of(tenant: string): TenantKnowledge {
    return this.#knowledge.of(tenant);
  }

  /** Resolves when everything that is in the log is in force; what comes later is followed. */
  async start(): Promise<void> {
    for await (const batch of this.#ports.log.read(0)) await this.#take(batch);
    this.#following = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
  }

  /** In force here when it is answered, and elsewhere a moment later. Putting what stands already changes nothing. */
  put(tenant: string, entry: Entry, by: Person): Promise<Edited> {
    return this.#edit(tenant, (knowledge) => {
      const present = knowledge.entry(entry.id);
      if (present !== undefined && isSame(present.entry, entry))
        return { _tag: 'Done', revision: knowledge.revision, isNew: false };
      if (present === undefined && knowledge.size >= ENTRIES_MAX) return { _tag: 'Full' };
      return { type: 'EntryPut', entry, by };
    });
  }

  remove(tenant: string, id: string, by: Person): Promise<Edited> {
    return this.#edit(tenant, (knowledge) =>
      knowledge.entry(id) === undefined ? { _tag: 'Unknown' } : { type: 'EntryRemoved', entry: id, by },
    );
  }

  replaceSynonyms(tenant: string, groups: SynonymGroups, by: Person): Promise<Edited> {
    return this.#edit(tenant, (knowledge) =>
      JSON.stringify(knowledge.synonyms) === JSON.stringify(groups)
        ? { _tag: 'Done', revision: knowledge.revision, isNew: false }
        : { type: 'SynonymsReplaced', groups, by },
    );
  }

  /** The entry as it stood at a revision; `undefined` where it did not stand, or the base was another one then. */
  async entryAt(tenant: string, id: string, revision: string): Promise<Entry | undefined> {
    const { index, revision: ofBase } = this.#ports.base;
    const [base, position = '0'] = revision.split('.', 2);
    if (base !== ofBase || !/^\d{1,16}$/.test(position)) return undefined;
    let entry = index.entries.get(id)?.entry;
    for await (const batch of Number(position) === 0 ? [] : this.#ports.log.read(0, tenant))
      for (const { revision: at, edit } of batch) {
        if (at > Number(position)) return entry;
        if (edit.change.type === 'EntryPut' && edit.change.entry.id === id) entry = edit.change.entry;
        if (edit.change.type === 'EntryRemoved' && edit.change.entry === id) entry = undefined;
      }
    return entry;
  }

  /** One tenant's edits in turn, each decided on what the one before has left. */
  async #edit(tenant: string, wish: Wish): Promise<Edited> {
    const queue = this.#queues.get(tenant) ?? { tail: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= WAITING_MAX || this.#stopping.signal.aborted) return { _tag: 'Unavailable' };
    this.#queues.set(tenant, queue);
    queue.waiting += 1;
    const edited = queue.tail.then(() => this.#write(tenant, wish));
    queue.tail = edited.catch(() => undefined);
    try {
      return await edited;
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.#queues.delete(tenant);
    }
  }

  async #write(tenant: string, wish: Wish): Promise<Edited> {
    const { log, now, freshName, pause } = this.#ports;
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const knowledge = this.of(tenant);
      const wanted = wish(knowledge);
      if ('_tag' in wanted) return wanted;
      const isNew = wanted.type === 'EntryPut' && knowledge.entry(wanted.entry.id) === undefined;
      const edit = { v: 1 as const, edit: freshName(), at: now(), change: wanted };
      const appended = await log.append(tenant, edit, knowledge.changes);
      if (appended._tag === 'Undecided') return { _tag: 'Unavailable' };
      if (appended._tag === 'Stored') {
        this.#knowledge.apply({ tenant, revision: appended.revision, edit });
        return { _tag: 'Done', revision: this.of(tenant).revision, isNew };
      }
      for await (const batch of log.read(knowledge.changes, tenant))
        for (const stored of batch) this.#knowledge.apply(stored);
      if (this.of(tenant).changes === knowledge.changes) await pause(RETRY_MS, this.#stopping.signal);
    }
    return { _tag: 'Unavailable' };
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        for await (const batch of this.#ports.log.follow(this.#reached, signal)) await this.#take(batch);
      } catch (error) {
        this.#ports.report('the knowledge log could not be followed', { error });
      }
      await this.#ports.pause(RETRY_MS, signal);
    }
  }

  async #take(batch: readonly StoredEdit[]): Promise<void> {
    let applied = 0;
    for (const stored of newestOnly(batch)) {
      this.#knowledge.apply(stored);
      applied += 1;
      if (applied % APPLIED_AT_ONCE_MAX === 0) await this.#ports.pause(0, this.#stopping.signal);
    }
    this.#reached = Math.max(this.#reached, batch.at(-1)?.revision ?? 0);
  }
}

/** Of several changes of one entry only the last is worth indexing. The order of what remains is the log's. */
const newestOnly = (batch: readonly StoredEdit[]): readonly StoredEdit[] => {
  const newest = new Map<string, StoredEdit>();
  for (const stored of batch) {
    const key = `${stored.tenant} ${subjectOf(stored.edit.change)}`;
    newest.delete(key);
    newest.set(key, stored);
  }
  return [...newest.values()];
};

const subjectOf = (change: KnowledgeChange): string => {
  switch (change.type) {
    case 'EntryPut':
      return `entry ${change.entry.id}`;
    case 'EntryRemoved':
      return `entry ${change.entry}`;
    case 'SynonymsReplaced':
      return 'synonyms';
  }
};

const isSame = (one: Entry, other: Entry): boolean => canonical(one) === canonical(other);

const canonical = ({ lang, question, also, answer }: Entry): string =>
  JSON.stringify([lang, question, also ?? [], answer]);
