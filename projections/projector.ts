/**
 * Follows the log and keeps the views: in order, in batches, each written only on the checkpoint it rests on. What comes by is
 * folded while the batch before it is written.
 */
import type { Stored } from '../events/commit.ts';
import type { EventLog } from '../events/event-log.ts';
import { invariant } from '../events/invariant.ts';
import { type Change, Folding, type Gathered } from './folding.ts';
import { Occasions } from './occasions.ts';
import type { SessionRow } from './session-row.ts';
import type { ViewStore } from './view-store.ts';

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
  /** Called with whether commits come by as they are stored: not between two rounds, nor before one has caught up. */
  readonly following?: (isSo: boolean) => void;
  /** Called with shards of which the store holds no views, or none to be trusted, so that they are built from the beginning. */
  readonly lost?: (shards: ReadonlySet<number>) => void;
}

/** Called once with every change of a row, after it has been written: a rebuild tells nobody again what they know. */
export type RowObserver = (before: SessionRow | undefined, after: SessionRow) => void;

/**
 * How long changes gather while others were just written, in milliseconds. What a session says in that time is one write of
 * its row, not many. Nobody waits for it: a reader adds the log's tail, and whoever needs a list to be up to date hurries it.
 */
const GATHER_MS = 400;
/** Commits in what is gathered: so many are written without waiting for more, and no more are read until then. */
const GATHER_COMMITS_MAX = 16_000;
/**
 * How long the log is left alone after a look, in milliseconds: as many commits as come in that time are kept in memory and
 * folded together, and each look costs a few promises.
 */
const LOOK_MS = 20;
/** Where so many have come in that time, the projector is behind and does not rest. */
const LOOK_COMMITS_MAX = 500;
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
  readonly #folding: Folding;
  readonly #occasions = new Occasions();
  readonly #all: ReadonlySet<number>;
  /** Those of the present round. */
  #shards: ReadonlySet<number>;
  #checkpoints: number[];
  /** Shards whose views lack something that their checkpoint covers. */
  readonly #broken = new Set<number>();
  /** Up to where the observers were told, by shard; unlike the checkpoint, it does not go back when views are lost. */
  readonly #told: number[] = [];
  /** Writes that may have been carried out although their answer was lost, by shard; a map would keep what has gone through it. */
  readonly #unsure: (Write | undefined)[] = [];
  #reached = 0;
  /** Up to here every commit of {@link #passedShards} has come by, or was reported as missed. */
  #passed = 0;
  #passedShards: ReadonlySet<number> = new Set();
  #waiting: { readonly position: number; readonly resolve: () => void }[] = [];
  #round = new AbortController();
  /** Up to here lists are watched for what was stored. */
  #hurriedTo = 0;
  #running: Promise<void> | undefined;

  constructor(ports: ProjectorPorts) {
    invariant(ports.log.shards === ports.views.shards, 'log and views have the same shards');
    this.#ports = ports;
    this.#checkpoints = [];
    this.#all = new Set(Array.from({ length: ports.log.shards }, (_, shard) => shard));
    this.#shards = this.#all;
    this.#folding = new Folding({
      views: ports.views,
      isWanted: (shard, position) => this.#shards.has(shard) && position > this.checkpoint(shard),
      toldUpTo: (shard) => this.#told[shard] ?? 0,
    });
  }

  observe(observer: RowObserver): void {
    this.#observers.push(observer);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#endRound();
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
      this.#occasions.tell();
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
    this.#endRound();
  }

  /** Something has been stored that people watch lists for: it shows there as soon as it can. */
  hurry(position: number): void {
    this.#hurriedTo = Math.max(this.#hurriedTo, position);
    this.#occasions.tell();
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
    this.#folding.clear();
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
    // A log that was set back comes to that position again, but with something else.
    this.#hurriedTo = Math.min(this.#hurriedTo, head);
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
    this.#skipTo(after, shards);
    const round: Round = { after, head, shards, signal };
    const done = await Promise.allSettled(
      [this.#read(round), this.#keepWriting(round)].map((each) => each.finally(() => this.#endRound())),
    );
    const failed = done.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const isInOrder = done.every((each) => each.status === 'fulfilled' && each.value);
    // Another projector may be at work here: it gets a moment to come to its end.
    if (!isInOrder) await this.#ports.pause(RETRY_FIRST_MS, this.#stopping.signal);
  }

  /** Whoever reads and whoever writes end together. */
  #endRound(): void {
    this.#round.abort();
    this.#ports.following?.(false);
    this.#occasions.tell();
  }

  /** Folds what comes by. `false` when it was found not to go on from the views. */
  async #read({ after, head, shards, signal }: Round): Promise<boolean> {
    if (after >= head && !signal.aborted) this.#ports.following?.(true);
    for await (const batch of this.#ports.log.scan({ after, shards, follow: true, signal })) {
      const position = batch.at(-1)?.position ?? 0;
      if (this.#ports.passing !== undefined) batch.forEach(this.#ports.passing);
      this.#passed = Math.max(this.#passed, position);
      if (position >= head && !signal.aborted) this.#ports.following?.(true);
      const broken = await this.#folding.fold(batch);
      if (broken !== undefined) {
        this.#broken.add(broken);
        this.#ports.report('the views lack what their checkpoint covers; they are rebuilt', {
          shard: broken,
          expected: this.checkpoint(broken),
        });
        return false;
      }
      this.#occasions.tell();
      await this.#occasions.until(() => signal.aborted || this.#folding.gathered.commits < GATHER_COMMITS_MAX);
      const isBehind = position < head || batch.length >= LOOK_COMMITS_MAX;
      if (!isBehind) await this.#rest(LOOK_MS, () => signal.aborted || this.#isAwaitedBehind(position));
    }
    return true;
  }

  /** Writes what has been gathered. `false` when the store was found to stand elsewhere than it was left. */
  async #keepWriting({ after, head, signal }: Round): Promise<boolean> {
    const folding = this.#folding;
    for (let isCatchingUp = after < head; ; ) {
      await this.#occasions.until(() => signal.aborted || folding.gathered.position > 0);
      if (signal.aborted) return true;
      const taken = folding.take();
      // Whoever reads may go on.
      this.#occasions.tell();
      const hasCaughtUp = isCatchingUp && taken.position >= head;
      if (!(await this.#project(taken, isCatchingUp))) return false;
      if (!(await this.#moveOn(taken.position, hasCaughtUp ? 1 : IDLE_LAG_MAX))) return false;
      isCatchingUp &&= !hasCaughtUp;
      this.#arrive(taken.position, signal);
      const isEnough = (): boolean => isCatchingUp && folding.gathered.position >= head;
      await this.#rest(GATHER_MS, () => signal.aborted || this.#isRipe() || isEnough());
    }
  }

  /** Whether what has been gathered should be written without waiting for more. */
  #isRipe(): boolean {
    const { commits, position } = this.#folding.gathered;
    return commits >= GATHER_COMMITS_MAX || (position > 0 && this.#isAwaited(position));
  }

  /** Whether somebody waits for what has come by up to a position. */
  #isAwaited(position: number): boolean {
    return this.#hurriedTo > this.#reached || this.#waiting.some((each) => each.position <= position);
  }

  /** Whether somebody waits for what has not come by yet. */
  #isAwaitedBehind(position: number): boolean {
    return this.#hurriedTo > position || this.#waiting.some((each) => each.position > position);
  }

  #rest(restMs: number, isOver: () => boolean): Promise<void> {
    return this.#occasions.rest((signal) => this.#ports.pause(restMs, signal), isOver);
  }

  /** What another projector has written meanwhile does not come by here. */
  #skipTo(after: number, shards: ReadonlySet<number>): void {
    const missed = [...shards].filter((shard) => this.#passed < after || !this.#passedShards.has(shard));
    this.#passed = Math.max(this.#passed, after);
    this.#passedShards = shards;
    if (missed.length > 0) this.#ports.missed?.(new Set(missed));
  }

  /** Finds out how far the observers of a shard have been told. */
  #settle(shard: number, head: number): void {
    const unsure = this.#unsure[shard];
    this.#unsure[shard] = undefined;
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
    return this.#each(idle, idle.length, (shard) => this.#write(shard, { checkpoint: position, changes: [] }));
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

  #project({ shards }: Gathered, isCatchingUp: boolean): Promise<boolean> {
    const atOnce = isCatchingUp || this.#waiting.length > 0 ? shards.size : SHARDS_AT_ONCE;
    return this.#each([...shards], atOnce, ([shard, bySession]) => {
      const changes = [...bySession.values()];
      const checkpoint = changes.reduce((newest, { after }) => Math.max(newest, after.position), 0);
      return this.#write(shard, { checkpoint, changes });
    });
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

  async #write(shard: number, write: Write): Promise<boolean> {
    const expected = this.checkpoint(shard);
    this.#unsure[shard] = write;
    const written = await this.#ports.views.write({ shard, expected, ...write });
    this.#unsure[shard] = undefined;
    if (written._tag === 'Unexpected') {
      this.#ports.report('the views are not where they were left; they are rebuilt', {
        shard,
        expected,
        found: written.checkpoint,
      });
      return false;
    }
    this.#checkpoints[shard] = write.checkpoint;
    this.#folding.written(shard);
    this.#tell(shard, write);
    return true;
  }
}

/** From the views' checkpoint on, until stopped or until the store is not where it was left. */
interface Round {
  readonly after: number;
  /** Of the log, when the round began: until there it is behind. */
  readonly head: number;
  readonly shards: ReadonlySet<number>;
  readonly signal: AbortSignal;
}

interface Write {
  readonly checkpoint: number;
  readonly changes: readonly Change[];
}
