/** Keeps the sessions' actors: makes one when a session is used, forgets it when it has rested. */
import { type Either, isLeft } from 'fp-ts/lib/Either.js';
import type { Stored } from '../events/commit.ts';
import type { EventLog } from '../events/event-log.ts';
import type { SessionRef } from '../events/names.ts';
import type { Refusal } from '../events/refusals.ts';
import type { Ask } from './decide.ts';
import { type Answer, SessionActor, type SessionEvents } from './session-actor.ts';
import { type SessionState, statusOf } from './session-state.ts';
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
  readonly #actors = new Map<string, SessionActor>();
  readonly #observers: Observer[] = [];
  #cancelSweep: () => void;

  constructor(log: EventLog, world: World, limits: SupervisorLimits) {
    this.#log = log;
    this.#world = world;
    this.#limits = limits;
    this.#cancelSweep = this.#scheduleSweep();
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
    const actor = new SessionActor(ref, this.#log, this.#world, this);
    this.#actors.set(key, actor);
    return actor;
  }

  /** The actor if it is in memory and has read its past. */
  live(ref: SessionRef): SessionActor | undefined {
    const actor = this.#actors.get(keyOf(ref));
    return actor !== undefined && actor.state.seq > 0 ? actor : undefined;
  }

  /** The session's state; a session that nobody ever opened has the status `unopened`. */
  async state(ref: SessionRef): Promise<Either<Refusal, SessionState>> {
    const actor = this.actor(ref);
    const state = await actor.ready();
    // Whoever asks for sessions that are not there must not fill the memory with them.
    if (!isLeft(state) && statusOf(state.right) === 'unopened' && actor.restful) this.#actors.delete(keyOf(ref));
    return state;
  }

  stored(ref: SessionRef, stored: Stored, state: SessionState): void {
    for (const observer of this.#observers) observer.stored?.(ref, stored, state);
  }

  activated(ref: SessionRef, state: SessionState): void {
    for (const observer of this.#observers) observer.activated?.(ref, state);
  }

  /** Resolves when no append is under way and no command waits. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if ([...this.#actors.values()].some((actor) => actor.busy)) this.#world.after(5, look);
        else resolve();
      };
      look();
    });
  }

  stop(): void {
    this.#cancelSweep();
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
    // The map is in order of creation, which is near enough to order of use for what is over the bound.
    for (const [key, actor] of this.#actors) {
      if (!actor.restful) continue;
      if (excess > 0 || now - actor.usedAt >= this.#limits.idleMs) {
        this.#actors.delete(key);
        excess -= 1;
      }
    }
  }
}

const keyOf = ({ tenant, session }: SessionRef): string => `${tenant}/${session}`;
