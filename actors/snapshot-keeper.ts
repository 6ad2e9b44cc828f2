/**
 * Loads and saves snapshots so that nobody who waits for a session ever hears of it: a store that fails, or does not answer,
 * costs a line in the log and the reading that the snapshot would have saved.
 */
import { isRight } from 'fp-ts/lib/Either.js';
import type { SessionRef } from '../events/names.ts';
import { decodeSnapshot, encodeSnapshot, type Snapshot } from './snapshot.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { World } from './world.ts';

/** What a snapshot is taken of, at the moment when it is written. */
export interface Snapshotted {
  readonly ref: SessionRef;
  snapshot(): Snapshot;
}

/** Facts without a snapshot, above which a session that goes to rest gets one; fewer are read as quickly as it is. */
export const SNAPSHOT_FACTS_MIN = 64;
/** Facts without a snapshot, above which a session gets one while it lives. */
export const SNAPSHOT_EVERY_FACTS = 1_024;
/** A long session's snapshot is large, so that it also has to have grown by this part. */
const GROWN_BY = 1 / 16;
/** Milliseconds after which an activation goes on without its snapshot. */
export const LOAD_WITHIN_MS = 500;
/** Snapshots being written at once. */
export const SAVES_AT_ONCE = 2;
/** Sessions that wait to be written, and are kept in memory until they are. */
export const SAVES_WAITING_MAX = 512;
/** Milliseconds that a process which ends gives to what still waits. */
const CLOSE_WITHIN_MS = 1_000;
/** A store that fails does so for everyone; one line in so many milliseconds is enough. */
const REPORT_EVERY_MS = 10_000;

/** Whether a session that goes to rest is worth a snapshot. */
export const isWorthSaving = (seq: number, savedSeq: number): boolean => seq - savedSeq >= SNAPSHOT_FACTS_MIN;

/** Whether a session that lives is due for its next snapshot. */
export const isDue = (seq: number, savedSeq: number): boolean =>
  seq - savedSeq >= Math.max(SNAPSHOT_EVERY_FACTS, seq * GROWN_BY);

export class SnapshotKeeper {
  readonly #store: SnapshotStore | undefined;
  readonly #world: World;
  readonly #waiting = new Map<string, Snapshotted>();
  readonly #saving = new Set<Promise<void>>();
  #scheduled = false;
  #closed = false;
  #troubles = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;

  /** Without a store nothing is kept. */
  constructor(store: SnapshotStore | undefined, world: World) {
    this.#store = store;
    this.#world = world;
  }

  /** The session's snapshot, if there is one that this machine can use. Never rejects. */
  async load(ref: SessionRef): Promise<Snapshot | undefined> {
    if (this.#store === undefined) return undefined;
    try {
      const stored = await this.#soon(this.#store.load(ref));
      if (stored === undefined) return undefined;
      const snapshot = decodeSnapshot(stored);
      if (isRight(snapshot)) return snapshot.right;
      if (snapshot.left._tag === 'Damaged') this.misfit(ref, snapshot.left.why);
    } catch (error) {
      this.#report('a snapshot could not be loaded; the log is read instead', { ...ref, error });
    }
    return undefined;
  }

  /** A snapshot turned out to be of no use. */
  misfit(ref: SessionRef, why: string): void {
    this.#report('a snapshot is of no use; the log is read instead', { ...ref, why });
  }

  /** Saves a snapshot before long; `false` when too many wait already. */
  save(source: Snapshotted): boolean {
    if (this.#store === undefined || this.#closed) return true;
    const key = `${source.ref.tenant}/${source.ref.session}`;
    if (this.#waiting.size >= SAVES_WAITING_MAX && !this.#waiting.has(key)) return false;
    this.#waiting.set(key, source);
    this.#schedule(this.#store);
    return true;
  }

  /** Writes what waits. What cannot be written within a bound is given up. */
  async close(): Promise<void> {
    this.#closed = true;
    await new Promise<void>((resolve) => {
      const cancel = this.#world.after(CLOSE_WITHIN_MS, resolve);
      void this.#writeAll().finally(() => {
        cancel();
        resolve();
      });
    });
    this.#waiting.clear();
  }

  async #writeAll(): Promise<void> {
    const store = this.#store;
    if (store === undefined) return;
    const writeOn = async (): Promise<void> => {
      for (const [key, source] of this.#waiting) {
        this.#waiting.delete(key);
        await this.#write(store, source);
      }
    };
    await Promise.all(Array.from({ length: SAVES_AT_ONCE }, writeOn));
    await Promise.all(this.#saving);
  }

  /** One snapshot in a turn of the event loop, and none in the turn that answers a command. */
  #schedule(store: SnapshotStore): void {
    if (this.#scheduled || this.#waiting.size === 0 || this.#saving.size >= SAVES_AT_ONCE) return;
    this.#scheduled = true;
    this.#world.after(0, () => {
      this.#scheduled = false;
      for (const [key, source] of this.#waiting) {
        this.#waiting.delete(key);
        this.#begin(store, source);
        break;
      }
      this.#schedule(store);
    });
  }

  #begin(store: SnapshotStore, source: Snapshotted): void {
    const saving = this.#write(store, source).then(() => {
      this.#saving.delete(saving);
      this.#schedule(store);
    });
    this.#saving.add(saving);
  }

  async #write(store: SnapshotStore, source: Snapshotted): Promise<void> {
    try {
      await store.save(source.ref, encodeSnapshot(source.snapshot()));
    } catch (error) {
      this.#report('a snapshot could not be saved', { ...source.ref, error });
    }
  }

  /** Rejects when it takes too long. */
  #soon<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#world.after(LOAD_WITHIN_MS, () => reject(new Error('the snapshots’ store does not answer')));
      answer.then(resolve, reject).finally(cancel);
    });
  }

  #report(trouble: string, detail: Readonly<Record<string, unknown>>): void {
    this.#troubles += 1;
    const now = this.#world.monotonicMs();
    if (now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#world.report(trouble, { ...detail, times: this.#troubles });
    this.#troubles = 0;
    this.#reportedAt = now;
  }
}
