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
  /** The shards that this process projects; left out: all of them. */
  readonly shards?: () => ReadonlySet<number>;
  /** Resolves after so many milliseconds, or at once when the signal is raised. */
  readonly pause: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly report: (trouble: string, detail: Readonly<Record<string, unknown>>) => void;
  /** Called with every commit that comes by, before it is projected; with one that was projected before, perhaps again. */
  readonly passing?: (stored: Stored) => void;
  /** Called with shards of which commits may have been stored, and projected by others, that never come by here. */
  readonly missed?: (shards: ReadonlySet<number>) => void;
  /** Called with shards of which the store holds no views, or none to be trusted, so that they are built from the beginning. */
  readonly lost?: (shards: ReadonlySet<number>) => void;
}

/** Called once with every change of a row, after it has been written: a rebuild tells nobody again what they know. */
export type RowObserver = (before: SessionRow | undefined, after: SessionRow) => void;

/** Rows of one shard kept in memory, so that a busy session's row is not read before each write. */
const CACHED_ROWS_MAX = 1_024;
/**
 * How long commits gather while others were just written, in milliseconds. What a session says in that time is one write of
 * its row, not many. Nobody waits for it: a reader adds the log's tail, and whoever needs a list to be up to date hurries it.
 */
const GATHER_MS = 400;
/** Where so many have come in that time, the projector is behind and does not wait. */
const GATHER_COMMITS_MAX = 8_000;
/** Shards written at once while others are being served: all of them together would hold up every message for as long. */
const SHARDS_AT_ONCE = 4;
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 5_000;

/** How long a projector without shards rests before it looks again; news of shards wake it. */
const IDLE_ROUND_MS = 60_000;
/** How far a shard without news may fall behind before its checkpoint is moved on by itself, in positions. */
const IDLE_LAG_MAX = 10_000;

export class Projector {
  readonly #ports: ProjectorPorts;
  readonly #stopping = new AbortController();
  readonly #observers: RowObserver[] = [];
  readonly #rows: Map<string, SessionRow>[];
  readonly #all: ReadonlySet<number>;
  /** Those of the present round. */
  #shards: ReadonlySet<number>;
  #checkpoints: number[];
  /** Shards whose views lack something that their checkpoint covers. */
  readonly #broken = new Set<number>();
  /** Up to where the observers were told, by shard; unlike the checkpoint, it does not go back when views are lost. */
  readonly #told: number[] = [];
  /** Writes that may have been carried out although their answer was lost, by shard. */
  readonly #unsure = new Map<number, Write>();
  #reached = 0;
  /** Up to here every commit of {@link #passedShards} has come by, or was reported as missed. */
  #passed = 0;
  #passedShards: ReadonlySet<number> = new Set();
  #waiting: { readonly position: number; readonly resolve: () => void }[] = [];
  #round = new AbortController();
  #gathering = new AbortController();
  #isHurried = false;
  #running: Promise<void> | undefined;

  constructor(ports: ProjectorPorts) {
    invariant(ports.log.shards === ports.views.shards, 'log and views have the same shards');
    this.#ports = ports;
    this.#checkpoints = [];
    this.#all = new Set(Array.from({ length: ports.log.shards }, (_, shard) => shard));
    this.#shards = this.#all;
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

  /** The checkpoint of a shard as this projector left it, 0 for another's: a store that says less has lost something. */
  checkpoint(shard: number): number {
    return this.#shards.has(shard) ? (this.#checkpoints[shard] ?? 0) : 0;
  }

  /** Resolves when the views hold everything up to the position, or after `boundMs` with `false`. */
  async caughtUp(position: number, boundMs: number): Promise<boolean> {
    if (this.#reached >= position) return true;
    const given = new AbortController();
    const arrived = new Promise<void>((resolve) => {
      const waiting = { position, resolve };
      this.#waiting.push(waiting);
      this.#gathering.abort();
      // Whoever has given up is not kept: while the store is away they would only ever become more.
      given.signal.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
      });
    });
    await Promise.race([arrived, this.#ports.pause(boundMs, given.signal)]);
    given.abort();
    return this.#reached >= position;
  }

  /**
   * Starts over from what the store says it holds: for whoever has noticed that it lost something, and when the shards to be
   * projected have changed.
   */
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
    const shards = this.#ports.shards?.() ?? this.#all;
    this.#shards = shards;
    if (shards.size === 0) {
      await this.#ports.pause(IDLE_ROUND_MS, signal);
      return;
    }
    // In this order: what another projector writes in between must not look like a view that is ahead of the log.
    const checkpoints = await views.checkpoints();
    // Until this round has come as far again: whatever was reached before may be lost.
    this.#reached = 0;
    this.#checkpoints = [...checkpoints];
    const head = await log.head();
    // A view ahead of the log belongs to another history; without a checkpoint nothing of what is there can be trusted.
    const lost = [...shards].filter((shard) => {
      const checkpoint = this.checkpoint(shard);
      return checkpoint === 0 || checkpoint > head || this.#broken.has(shard);
    });
    if (lost.length > 0) this.#ports.lost?.(new Set(lost));
    await views.clear(lost);
    for (const shard of lost) {
      this.#checkpoints[shard] = 0;
      this.#broken.delete(shard);
    }
    for (const shard of shards) this.#settle(shard, head);
    const after = Math.min(...Array.from(shards, (shard) => this.checkpoint(shard)));
    // Known without the log, which may have nothing more to say about these shards.
    this.#arrive(after, signal);
    let isCatchingUp = after < head;
    this.#skipTo(after, shards);
    for await (const batch of log.scan({ after, shards, follow: true, signal })) {
      const position = batch.at(-1)?.position ?? 0;
      if (this.#ports.passing !== undefined) batch.forEach(this.#ports.passing);
      this.#passed = Math.max(this.#passed, position);
      const hasCaughtUp = isCatchingUp && position >= head;
      if (
        !(await this.#project(batch, isCatchingUp)) ||
        !(await this.#moveOn(position, hasCaughtUp ? 1 : IDLE_LAG_MAX))
      ) {
        // Another projector may be at work here: it gets a moment to come to its end.
        await this.#ports.pause(RETRY_FIRST_MS, signal);
        return;
      }
      isCatchingUp &&= !hasCaughtUp;
      this.#arrive(position, signal);
      if (!isCatchingUp && batch.length < GATHER_COMMITS_MAX) await this.#gather(signal);
    }
  }

  /** What another projector has written meanwhile does not come by here. */
  #skipTo(after: number, shards: ReadonlySet<number>): void {
    const missed = [...shards].filter((shard) => this.#passed < after || !this.#passedShards.has(shard));
    this.#passed = Math.max(this.#passed, after);
    this.#passedShards = shards;
    if (missed.length > 0) this.#ports.missed?.(new Set(missed));
  }

  /** Something has been stored that people watch lists for: it shows there as soon as it can. */
  hurry(): void {
    this.#isHurried = true;
    this.#gathering.abort();
  }

  /** Lets commits come together, unless somebody waits for those that are there. */
  async #gather(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length === 0 && !this.#isHurried && !signal.aborted) {
      this.#gathering = new AbortController();
      const end = (): void => this.#gathering.abort();
      signal.addEventListener('abort', end, { once: true });
      await this.#ports.pause(GATHER_MS, this.#gathering.signal);
      signal.removeEventListener('abort', end);
    }
    this.#isHurried = false;
  }

  /** Finds out how far the observers of a shard have been told. */
  #settle(shard: number, head: number): void {
    const unsure = this.#unsure.get(shard);
    this.#unsure.delete(shard);
    if (unsure?.checkpoint === this.checkpoint(shard)) this.#tell(shard, unsure);
    // Whoever projected the shard before has told of all that its checkpoint covers.
    const told = Math.max(this.#told[shard] ?? 0, this.checkpoint(shard));
    this.#told[shard] = told > head ? 0 : told;
  }

  #tell(shard: number, { checkpoint, changes }: Write): void {
    const told = this.#told[shard] ?? 0;
    this.#told[shard] = Math.max(told, checkpoint);
    for (const { known, after } of changes)
      if (after.position > told) for (const observer of this.#observers) observer(known, after);
  }

  /**
   * Moves on the checkpoints of shards that had no news: of all at the end of catching up, later of those far behind. Else
   * every start would read the log again from where the quietest shard had its last news.
   */
  async #moveOn(position: number, lagMin: number): Promise<boolean> {
    const idle = [...this.#shards].filter((shard) => position - this.checkpoint(shard) >= lagMin);
    return this.#each(idle, idle.length, (shard) => this.#write(shard, position, []));
  }

  /** A round that was ended knows nothing of the shards given since, and what it wrote may be what was lost. */
  #arrive(position: number, { aborted }: AbortSignal): void {
    if (aborted) return;
    this.#reached = Math.max(this.#reached, position);
    const arrived = this.#waiting.filter((each) => each.position <= this.#reached);
    if (arrived.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => each.position > this.#reached);
    for (const { resolve } of arrived) resolve();
  }

  async #project(batch: readonly Stored[], isCatchingUp: boolean): Promise<boolean> {
    const byShard = new Map<number, Stored[]>();
    for (const stored of batch) {
      const shard = shardOf(stored.commit.session, this.#ports.log.shards);
      if (!this.#shards.has(shard) || stored.position <= this.checkpoint(shard)) continue;
      const list = byShard.get(shard);
      if (list === undefined) byShard.set(shard, [stored]);
      else list.push(stored);
    }
    const atOnce = isCatchingUp || this.#waiting.length > 0 ? byShard.size : SHARDS_AT_ONCE;
    return this.#each([...byShard], atOnce, ([shard, commits]) =>
      this.#write(shard, commits.at(-1)?.position ?? 0, commits),
    );
  }

  /** Waits for all, also when one fails: a write still under way must not meet the next round. */
  async #each<A>(all: readonly A[], atOnce: number, write: (each: A) => Promise<boolean>): Promise<boolean> {
    for (let first = 0; first < all.length; first += atOnce) {
      const results = await Promise.allSettled(all.slice(first, first + atOnce).map(write));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      if (!results.every((result) => result.status === 'fulfilled' && result.value)) return false;
    }
    return true;
  }

  async #write(shard: number, checkpoint: number, commits: readonly Stored[]): Promise<boolean> {
    const expected = this.checkpoint(shard);
    const changes = await this.#fold(shard, commits);
    if (changes === undefined) {
      this.#broken.add(shard);
      this.#ports.report('the views lack what their checkpoint covers; they are rebuilt', { shard, expected });
      return false;
    }
    this.#unsure.set(shard, { checkpoint, changes });
    const written = await this.#ports.views.write({ shard, expected, checkpoint, changes });
    this.#unsure.delete(shard);
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
    for (const { after } of changes) {
      rows?.delete(rowKey(after));
      rows?.set(rowKey(after), after);
    }
    this.#tell(shard, { checkpoint, changes });
    if (rows !== undefined) trim(rows);
    return true;
  }

  /**
   * `undefined` when a session's row does not reach up to its next commit. The checkpoint alone does not show that: another
   * projector may have emptied the shard and filled it up to the same checkpoint while its rows were read here.
   */
  async #fold(shard: number, commits: readonly Stored[]): Promise<Change[] | undefined> {
    const told = this.#told[shard] ?? 0;
    const rows = await this.#known(shard, commits);
    const changes = new Map<string, Change>();
    for (const stored of commits) {
      const key = keyOf(stored);
      const change = changes.get(key);
      const before = change === undefined ? rows.get(key) : change.after;
      if ((before?.seq ?? 0) + 1 < stored.commit.seq) return undefined;
      const after = foldRow(before, stored);
      const isKnown = stored.position <= told;
      if (change === undefined) {
        changes.set(key, { before, after, messages: messagesOf(stored.commit), known: isKnown ? after : before });
      } else {
        change.after = after;
        change.messages.push(...messagesOf(stored.commit));
        if (isKnown) change.known = after;
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

interface Change extends RowChange {
  after: SessionRow;
  readonly messages: RowChange['messages'][number][];
  /** The row as the observers know it: a batch of a rebuild may begin long before that. */
  known: SessionRow | undefined;
}

interface Write {
  readonly checkpoint: number;
  readonly changes: readonly Change[];
}

const keyOf = (stored: Stored): string => `${stored.tenant}/${stored.commit.session}`;
const rowKey = (row: SessionRow): string => `${row.tenant}/${row.session}`;

const trim = (rows: Map<string, SessionRow>): void => {
  for (const key of rows.keys()) {
    if (rows.size <= CACHED_ROWS_MAX) return;
    rows.delete(key);
  }
};
