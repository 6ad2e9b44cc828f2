/** Follows the log and keeps the views: in order, in batches, each written only on the checkpoint it rests on. */
import type { Stored } from '../events/commit.ts';
import type { EventLog } from '../events/event-log.ts';
import { invariant } from '../events/invariant.ts';
import { shardOf } from '../events/shard.ts';
import { foldRow, messagesOf, type SessionRow } from './session-row.ts';
import type { RowChange, ViewStore } from './view-store.ts';

export interface ProjectorPorts {
  readonly log: EventLog;
  readonly views: ViewStore;
  /** Resolves after so many milliseconds, or at once when the signal is raised. */
  readonly pause: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly report: (trouble: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** Called with every change of a row, after it has been written. */
export type RowObserver = (before: SessionRow | undefined, after: SessionRow) => void;

/** Rows of one shard kept in memory, so that a busy session's row is not read before each write. */
const CACHED_ROWS_MAX = 1_024;
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 5_000;

export class Projector {
  readonly #ports: ProjectorPorts;
  readonly #stopping = new AbortController();
  readonly #observers: RowObserver[] = [];
  readonly #rows: Map<string, SessionRow>[];
  #checkpoints: number[];
  #reached = 0;
  #waiting: { readonly position: number; readonly resolve: () => void }[] = [];
  #round = new AbortController();
  #running: Promise<void> | undefined;

  constructor(ports: ProjectorPorts) {
    invariant(ports.log.shards === ports.views.shards, 'log and views have the same shards');
    this.#ports = ports;
    this.#checkpoints = [];
    this.#rows = Array.from({ length: ports.log.shards }, () => new Map<string, SessionRow>());
  }

  observe(observer: RowObserver): void {
    this.#observers.push(observer);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#round.abort();
    await this.#running;
    for (const { resolve } of this.#waiting) resolve();
  }

  /** The position up to which all views stand. */
  get reached(): number {
    return this.#reached;
  }

  /** The checkpoint of a shard as this projector left it: a store that says less has lost something. */
  checkpoint(shard: number): number {
    return this.#checkpoints[shard] ?? 0;
  }

  /** Resolves when the views hold everything up to the position, or after `boundMs` with `false`. */
  async caughtUp(position: number, boundMs: number): Promise<boolean> {
    if (this.#reached >= position) return true;
    const given = new AbortController();
    const arrived = new Promise<void>((resolve) => {
      this.#waiting.push({ position, resolve });
    });
    await Promise.race([arrived, this.#ports.pause(boundMs, given.signal)]);
    given.abort();
    return this.#reached >= position;
  }

  /** Starts over from what the store says it holds: for whoever has noticed that it lost something. */
  recheck(): void {
    this.#reached = 0;
    this.#round.abort();
  }

  async #run(): Promise<void> {
    let retryMs = RETRY_FIRST_MS;
    while (!this.#stopping.signal.aborted) {
      this.#round = new AbortController();
      try {
        await this.#follow(this.#round.signal);
        retryMs = RETRY_FIRST_MS;
      } catch (error) {
        this.#ports.report('the views cannot be kept up', { error, retryMs });
        await this.#ports.pause(retryMs, this.#stopping.signal);
        retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
      }
    }
  }

  /** One round: from the lowest checkpoint on, until stopped or until the store is not where it was left. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { log, views } = this.#ports;
    for (const rows of this.#rows) rows.clear();
    const head = await log.head();
    this.#checkpoints = [...(await views.checkpoints())];
    // A view ahead of the log belongs to another history; without a checkpoint nothing of what is there can be trusted.
    const lost = [...this.#checkpoints.keys()].filter((shard) => {
      const checkpoint = this.checkpoint(shard);
      return checkpoint === 0 || checkpoint > head;
    });
    await views.clear(lost);
    for (const shard of lost) this.#checkpoints[shard] = 0;
    const after = Math.min(...this.#checkpoints);
    if (after >= head) this.#arrive(after);
    for await (const batch of log.scan({ after, follow: true, signal })) {
      if (!(await this.#project(batch))) return;
      this.#arrive(batch.at(-1)?.position ?? 0);
    }
  }

  #arrive(position: number): void {
    this.#reached = Math.max(this.#reached, position);
    const arrived = this.#waiting.filter((each) => each.position <= this.#reached);
    if (arrived.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => each.position > this.#reached);
    for (const { resolve } of arrived) resolve();
  }

  async #project(batch: readonly Stored[]): Promise<boolean> {
    const byShard = new Map<number, Stored[]>();
    for (const stored of batch) {
      const shard = shardOf(stored.commit.session, this.#ports.log.shards);
      if (stored.position <= this.checkpoint(shard)) continue;
      const list = byShard.get(shard);
      if (list === undefined) byShard.set(shard, [stored]);
      else list.push(stored);
    }
    const written = await Promise.all([...byShard].map(([shard, commits]) => this.#write(shard, commits)));
    return written.every(Boolean);
  }

  async #write(shard: number, commits: readonly Stored[]): Promise<boolean> {
    const checkpoint = commits.at(-1)?.position ?? 0;
    const changes = await this.#fold(shard, commits);
    const expected = this.checkpoint(shard);
    const written = await this.#ports.views.write({ shard, expected, checkpoint, changes });
    if (written._tag === 'Unexpected') {
      this.#ports.report('the views are not where they were left; they are rebuilt', {
        shard,
        expected,
        found: written.checkpoint,
      });
      return false;
    }
    this.#checkpoints[shard] = checkpoint;
    const rows = this.#rows[shard];
    for (const { before, after } of changes) {
      rows?.delete(rowKey(after));
      rows?.set(rowKey(after), after);
      for (const observer of this.#observers) observer(before, after);
    }
    if (rows !== undefined) trim(rows);
    return true;
  }

  async #fold(shard: number, commits: readonly Stored[]): Promise<RowChange[]> {
    const known = await this.#known(shard, commits);
    const changes = new Map<
      string,
      { before: SessionRow | undefined; after: SessionRow; messages: RowChange['messages'][number][] }
    >();
    for (const stored of commits) {
      const key = keyOf(stored);
      const change = changes.get(key);
      const before = change === undefined ? known.get(key) : change.after;
      const after = foldRow(before, stored);
      if (change === undefined) changes.set(key, { before, after, messages: messagesOf(stored.commit) });
      else {
        change.after = after;
        change.messages.push(...messagesOf(stored.commit));
      }
    }
    return [...changes.values()];
  }

  /** The rows these commits go on from: from memory, the rest from the store. A session that starts here has none. */
  async #known(shard: number, commits: readonly Stored[]): Promise<Map<string, SessionRow>> {
    const cached = this.#rows[shard];
    const known = new Map<string, SessionRow>();
    const missing = new Map<string, { tenant: string; session: string }>();
    for (const stored of commits) {
      const key = keyOf(stored);
      const row = cached?.get(key);
      if (row !== undefined) known.set(key, row);
      else if (stored.commit.seq > 1) missing.set(key, { tenant: stored.tenant, session: stored.commit.session });
    }
    if (missing.size === 0) return known;
    const refs = [...missing.values()];
    const rows = await this.#ports.views.rows(shard, refs);
    rows.forEach((row) => {
      if (row !== undefined) known.set(rowKey(row), row);
    });
    return known;
  }
}

const keyOf = (stored: Stored): string => `${stored.tenant}/${stored.commit.session}`;
const rowKey = (row: SessionRow): string => `${row.tenant}/${row.session}`;

const trim = (rows: Map<string, SessionRow>): void => {
  for (const key of rows.keys()) {
    if (rows.size <= CACHED_ROWS_MAX) return;
    rows.delete(key);
  }
};
