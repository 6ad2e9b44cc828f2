/** The log in the embedded store: commits by position, and for each session the positions of its own. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { asBinary, type Database } from 'lmdb';
import type { Stored } from '../../events/commit.ts';
import { encodeCommit } from '../../events/encoding/commit.ts';
import type { Append, Appended, EventLog, Scan } from '../../events/event-log.ts';
import { invariant } from '../../events/invariant.ts';
import type { SessionRef } from '../../events/names.ts';
import { type Clock, systemClock } from '../clock.ts';
import { joinSignals } from '../joined-signal.ts';
import { pause } from '../pause.ts';
import { storedCommit, UnreadableCommit } from '../stored-commit.ts';
import { AppendQueue } from './append-queue.ts';
import type { LmdbStore } from './store.ts';
import { Wakeups } from './wakeups.ts';

export interface LmdbLogOptions {
  /** Milliseconds after which an append that the disk has not taken is answered `Undecided`. */
  readonly appendMs?: number | undefined;
  readonly clock?: Clock;
}

type SessionKey = [tenant: string, session: string, position: number];

interface Chunk {
  readonly batch: readonly Stored[];
  /** Where to go on. */
  readonly position: number;
  readonly isEnd: boolean;
}

const APPEND_DECIDED_WITHIN_MS = 10_000;
/** Commits looked at in one turn of the event loop. */
const BATCH_MAX = 500;
/** Commits handed on at once by a scan: whoever gathers what comes must be able to tell that more is at hand. */
const SCAN_BATCH_MAX = 16_000;
/** Sessions whose last position is remembered; others are looked up. */
const REMEMBERED_MAX = 100_000;
/** A reader beside the writing process hears of nothing, so it looks. */
const LOOK_EVERY_MS = 200;
const NOTHING = Buffer.alloc(0);

export class LmdbEventLog implements EventLog {
  readonly shards: number;
  readonly #store: LmdbStore;
  readonly #clock: Clock;
  readonly #decidedWithinMs: number;
  readonly #queue: AppendQueue;
  readonly #closing = new AbortController();
  /** `<tenant>\n<body>` by position. */
  readonly #commits: Database<string, number>;
  readonly #sessions: Database<Buffer, SessionKey>;
  readonly #wakeups = new Wakeups();
  /** Last positions on disk, by session. */
  readonly #last = new Map<string, number>();
  /** Of sessions with an append under way: resolves when it is known what became of it, however late. */
  readonly #underWay = new Map<string, Promise<void>>();
  #issued: number;

  /** The store stays the caller's, to be closed after the log. */
  constructor(store: LmdbStore, options: LmdbLogOptions = {}) {
    this.shards = store.shards;
    this.#store = store;
    this.#clock = options.clock ?? systemClock;
    this.#decidedWithinMs = options.appendMs ?? APPEND_DECIDED_WITHIN_MS;
    this.#queue = new AppendQueue(store, this.#clock);
    this.#commits = store.root.openDB({ name: 'commits', encoding: 'string' });
    this.#sessions = store.root.openDB({ name: 'sessions', encoding: 'binary' });
    this.#issued = this.#lastPosition();
  }

  async append(append: Append): Promise<Appended> {
    invariant(!this.#store.readOnly, 'a store that is open for reading takes no appends');
    const key = `${append.tenant}/${append.session}`;
    const deadline = this.#clock.monotonicMs() + this.#decidedWithinMs;
    for (let underWay = this.#underWay.get(key); underWay !== undefined; underWay = this.#underWay.get(key)) {
      await this.#until(underWay, deadline);
      if (this.#clock.monotonicMs() >= deadline) return late;
    }
    if (this.#closing.signal.aborted) return { _tag: 'Undecided', why: 'the log is closing' };
    if (this.#lastOf(append, key) === append.expected) return this.#enqueue(append, key, deadline);
    const successor = this.#successor(append);
    return successor?.commit.commit === append.commit.commit
      ? { _tag: 'Stored', position: successor.position }
      : { _tag: 'Conflict' };
  }

  async *read(ref: SessionRef, after = 0): AsyncGenerator<readonly Stored[]> {
    let position = after;
    for (;;) {
      const batch = this.#positionsOf(ref, position, BATCH_MAX).map((each) => this.#at(each));
      position = batch.at(-1)?.position ?? position;
      if (batch.length > 0) yield batch;
      if (batch.length < BATCH_MAX) return;
      await nextTurn();
    }
  }

  async *scan(scan: Scan): AsyncGenerator<readonly Stored[]> {
    const { signal, release } = joinSignals(this.#closing.signal, scan.signal);
    try {
      yield* this.#scanUntil(scan, signal);
    } finally {
      release();
    }
  }

  async head(): Promise<number> {
    return this.#lastPosition();
  }

  /** Ends every scan, and waits for the appends under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#queue.settled();
  }

  async *#scanUntil(
    { after, until = Number.POSITIVE_INFINITY, tenant, follow = false }: Scan,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Stored[]> {
    const end = follow ? until : Math.min(until, this.#lastPosition());
    let position = after;
    while (position < end && !signal.aborted) {
      const { count } = this.#wakeups;
      const batch: Stored[] = [];
      let isEnd = false;
      while (!isEnd && batch.length < SCAN_BATCH_MAX && !signal.aborted) {
        const chunk = this.#chunk(position, end, tenant);
        ({ position, isEnd } = chunk);
        for (const each of chunk.batch) batch.push(each);
        // Reading is so quick that without a break nobody else would get their turn.
        if (!isEnd) await nextTurn();
      }
      if (batch.length > 0) yield batch;
      if (!isEnd) continue;
      if (!follow || position >= end) return;
      else if (this.#store.readOnly) await pause(LOOK_EVERY_MS, signal);
      else await this.#wakeups.beyond(count, signal);
    }
  }

  #enqueue({ tenant, session, commit }: Append, key: string, deadline: number): Promise<Appended> {
    this.#issued += 1;
    const position = this.#issued;
    // Encoded already, which its types do not know of.
    const value = asBinary(Buffer.concat([Buffer.from(`${tenant}\n`), encodeCommit(commit)])) as unknown as string;
    return new Promise((resolve, reject) => {
      let decided = (): void => undefined;
      this.#underWay.set(
        key,
        new Promise((known) => {
          decided = known;
        }),
      );
      const settle = (): void => {
        this.#underWay.delete(key);
        decided();
      };
      this.#queue.push({
        deadline,
        put: () => {
          void this.#commits.put(position, value);
          void this.#sessions.put([tenant, session, position], NOTHING);
        },
        stored: () => {
          this.#remember(key, position);
          this.#wakeups.notify();
          settle();
          resolve({ _tag: 'Stored', position });
        },
        failed: (error) => {
          settle();
          reject(error);
        },
        late: () => resolve(late),
      });
    });
  }

  #lastOf(ref: SessionRef, key: string): number {
    const remembered = this.#last.get(key);
    if (remembered !== undefined) return remembered;
    this.#store.root.resetReadTxn();
    const { tenant, session } = ref;
    const range = {
      start: [tenant, session, Number.MAX_SAFE_INTEGER],
      end: [tenant, session, 0],
      reverse: true,
      limit: 1,
    };
    for (const [, , position] of this.#sessions.getKeys(range)) return position;
    return 0;
  }

  #remember(key: string, position: number): void {
    this.#last.delete(key);
    this.#last.set(key, position);
    if (this.#last.size <= REMEMBERED_MAX) return;
    for (const oldest of this.#last.keys()) {
      this.#last.delete(oldest);
      return;
    }
  }

  /** The commit that took the place behind the expected one, if any did. */
  #successor({ expected, ...ref }: Append): Stored | undefined {
    const [position] = this.#positionsOf(ref, expected, 1);
    return position === undefined ? undefined : this.#at(position);
  }

  #positionsOf({ tenant, session }: SessionRef, after: number, limit: number): readonly number[] {
    // A commit that has just been acknowledged must be seen even by a reader that read in the same turn before.
    this.#store.root.resetReadTxn();
    const range = { start: [tenant, session, after + 1], end: [tenant, session, Number.MAX_SAFE_INTEGER], limit };
    return [...this.#sessions.getKeys(range)].map(([, , position]) => position);
  }

  #at(position: number): Stored {
    const value = this.#commits.get(position);
    if (value === undefined) throw new UnreadableCommit(this.#store.name, position, 'a commit that its session lists');
    return this.#stored(position, value);
  }

  #stored(position: number, value: string): Stored {
    const tenantEnd = value.indexOf('\n');
    return storedCommit(
      { log: this.#store.name, position, tenant: value.slice(0, tenantEnd) },
      value.slice(tenantEnd + 1),
    );
  }

  #chunk(after: number, end: number, tenant: string | undefined): Chunk {
    this.#store.root.resetReadTxn();
    const batch: Stored[] = [];
    let position = after;
    let seen = 0;
    for (const { key, value } of this.#commits.getRange({ start: after + 1, limit: BATCH_MAX })) {
      if (key > end) return { batch, position: end, isEnd: true };
      seen += 1;
      position = key;
      if (tenant === undefined || value.startsWith(`${tenant}\n`)) batch.push(this.#stored(key, value));
    }
    return { batch, position, isEnd: seen < BATCH_MAX };
  }

  #lastPosition(): number {
    this.#store.root.resetReadTxn();
    for (const position of this.#commits.getKeys({ reverse: true, limit: 1 })) return position;
    return 0;
  }

  async #until(decided: Promise<void>, deadline: number): Promise<void> {
    const given = new AbortController();
    await Promise.race([decided, pause(Math.max(0, deadline - this.#clock.monotonicMs()), given.signal)]);
    given.abort();
  }
}

const late: Appended = { _tag: 'Undecided', why: 'the disk has not answered in time' };
