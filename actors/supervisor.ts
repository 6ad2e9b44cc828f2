/** Keeps the sessions' actors: makes one when a session is used, forgets it when it has rested. */
import { type Either, isLeft } from 'fp-ts/lib/Either.js';
import type { Stored } from '../events/commit.ts';
import type { EventLog } from '../events/event-log.ts';
import type { SessionRef } from '../events/names.ts';
import type { Refusal } from '../events/refusals.ts';
import { shardOf } from '../events/shard.ts';
import type { Ask } from './decide.ts';
import { MARK_EVERY_FACTS, startIn } from './seq-index.ts';
import { type Answer, SessionActor, type SessionEvents } from './session-actor.ts';
import { type SessionState, statusOf } from './session-state.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { World } from './world.ts';

export interface SupervisorLimits {
  /** How long an actor may rest before it is forgotten, in milliseconds. */
  readonly idleMs: number;
  /** Actors kept at rest; beyond it the longest unused are forgotten early. */
  readonly actorsMax: number;
}

/** Called for what every session stores and for every session that wakes up. */
export interface Observer {
  stored?(ref: SessionRef, stored: Stored, state: SessionState): void;
  activated?(ref: SessionRef, state: SessionState): void;
}

const SWEEP_EVERY_MS = 1_000;

export class Supervisor implements SessionEvents {
  readonly #log: EventLog;
  readonly #world: World;
  readonly #limits: SupervisorLimits;
  readonly #snapshots: SnapshotKeeper;
  readonly #actors = new Map<string, SessionActor>();
  readonly #observers: Observer[] = [];
  #cancelSweep: () => void;
  #isDeaf = false;
  /** From then on nothing is begun that nobody waits for. */
  #settling = false;

  /** Without `snapshots` every session that wakes up is read from its beginning. */
  constructor(log: EventLog, world: World, limits: SupervisorLimits, snapshots?: SnapshotStore) {
    this.#log = log;
    this.#world = world;
    this.#limits = limits;
    this.#snapshots = new SnapshotKeeper(snapshots, world);
    this.#cancelSweep = this.#scheduleSweep();
    snapshots?.onDoubt?.(() => {
      for (const actor of this.#actors.values()) actor.unsaved();
    });
  }

  observe(observer: Observer): void {
    this.#observers.push(observer);
  }

  /** How many actors are in memory. */
  get size(): number {
    return this.#actors.size;
  }

  submit(ref: SessionRef, ask: Ask, answer: (answer: Answer) => void): void {
    this.actor(ref).submit(ask, answer);
  }

  ask(ref: SessionRef, ask: Ask): Promise<Answer> {
    return new Promise((resolve) => this.submit(ref, ask, resolve));
  }

  /** The actor of a session, awake or not. */
  actor(ref: SessionRef): SessionActor {
    const key = keyOf(ref);
    const known = this.#actors.get(key);
    if (known !== undefined) return known;
    const actor = new SessionActor(ref, this.#log, this.#world, this, this.#snapshots);
    this.#actors.set(key, actor);
    return actor;
  }

  /** The actor if it is in memory and has read its past. */
  live(ref: SessionRef): SessionActor | undefined {
    const actor = this.#actors.get(keyOf(ref));
    return actor !== undefined && actor.known && actor.state.seq > 0 ? actor : undefined;
  }

  /** A position that a seq of the session stands not far behind, as well as can be known without waking it; 0 at the worst. */
  async startOf(ref: SessionRef, seq: number): Promise<number> {
    const actor = this.live(ref);
    if (actor !== undefined) return actor.startOf(seq);
    // So near to the beginning there is no mark.
    if (seq <= MARK_EVERY_FACTS) return 0;
    return startIn((await this.#snapshots.load(ref))?.marks ?? [], seq);
  }

  /** The session's state; a session that nobody ever opened has the status `unopened`. */
  async state(ref: SessionRef): Promise<Either<Refusal, SessionState>> {
    const actor = this.actor(ref);
    const state = await actor.ready();
    // Whoever asks for sessions that are not there must not fill the memory with them.
    if (!isLeft(state) && statusOf(state.right) === 'unopened' && actor.restful) this.#actors.delete(keyOf(ref));
    return state;
  }

  /** Takes note of a commit in the log: an actor that another process has overtaken reads on, for those who follow it. */
  heard({ tenant, position, commit }: Stored): void {
    this.#actors.get(keyOf({ tenant, session: commit.session }))?.heard(position);
  }

  /**
   * Says whether everything that is stored comes by here within moments. While it does not, nobody is refused before the log
   * has been asked: another process may have written what allows it.
   */
  following(isSo: boolean): void {
    this.#isDeaf = !isSo;
  }

  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  /** Commits of these shards may never come by here: whoever could lack one of them reads on. */
  missed(shards: ReadonlySet<number>): void {
    for (const actor of this.#of(shards)) actor.heard(Number.POSITIVE_INFINITY);
  }

  /** Whatever snapshots were saved of these shards' sessions may be gone: long ones are saved again within moments. */
  unsaved(shards: ReadonlySet<number>): void {
    for (const actor of this.#of(shards)) actor.unsaved();
  }

  stored(ref: SessionRef, stored: Stored, state: SessionState): void {
    for (const observer of this.#observers) observer.stored?.(ref, stored, state);
  }

  activated(ref: SessionRef, state: SessionState): void {
    for (const observer of this.#observers) observer.activated?.(ref, state);
  }

  /** Resolves when no append is under way and no command waits. */
  settled(): Promise<void> {
    this.#settling = true;
    return new Promise((resolve) => {
      const look = (): void => {
        if ([...this.#actors.values()].some((actor) => actor.busy)) this.#world.after(5, look);
        else resolve();
      };
      look();
    });
  }

  /**
   * Forgets every session of these shards and sends its followers elsewhere: once nothing of it is under way, or after
   * `boundMs` all the same, because the log refuses what an actor without its shard might still append in vain.
   */
  async release(shards: ReadonlySet<number>, boundMs: number): Promise<void> {
    const leaving = [...this.#actors].filter(([, { ref }]) => shards.has(shardOf(ref.session, this.#log.shards)));
    const until = this.#world.monotonicMs() + boundMs;
    while (leaving.some(([, actor]) => actor.busy) && this.#world.monotonicMs() < until)
      await new Promise<void>((resolve) => {
        this.#world.after(2, resolve);
      });
    for (const [key, actor] of leaving) {
      if (this.#actors.get(key) === actor) this.#actors.delete(key);
      if (actor.isWorthSaving) this.#snapshots.save(actor);
      actor.evict();
    }
  }

  /** Saves what would cost the next process much reading, within a bound. */
  async stop(): Promise<void> {
    this.#cancelSweep();
    for (const actor of this.#actors.values()) if (actor.isWorthSaving) this.#snapshots.save(actor);
    await this.#snapshots.close();
  }

  #of(shards: ReadonlySet<number>): readonly SessionActor[] {
    return [...this.#actors.values()].filter(({ ref }) => shards.has(shardOf(ref.session, this.#log.shards)));
  }

  #scheduleSweep(): () => void {
    return this.#world.after(SWEEP_EVERY_MS, () => {
      this.#sweep();
      this.#cancelSweep = this.#scheduleSweep();
    });
  }

  #sweep(): void {
    const now = this.#world.monotonicMs();
    let excess = this.#actors.size - this.#limits.actorsMax;
    // The map is in order of creation, which is near enough to order of use for what is over the bound. Going over it makes no
    // object for each actor: V8 gives memory back only to a process that is at rest.
    this.#actors.forEach((actor, key) => {
      if (actor.isLeftBehind && !this.#settling) void actor.ready();
      if (!actor.restful) {
        // A busy session saves itself; one whose snapshot was lost may be quiet for long.
        if (actor.isDueForSaving) this.#snapshots.save(actor);
        return;
      }
      if (excess > 0 || now - actor.usedAt >= this.#limits.idleMs) {
        // Where too many snapshots wait to be written, whoever only rests can wait with them.
        if (actor.isWorthSaving && !this.#snapshots.save(actor) && excess <= 0) return;
        this.#actors.delete(key);
        excess -= 1;
      }
    });
  }
}

const keyOf = ({ tenant, session }: SessionRef): string => `${tenant}/${session}`;
