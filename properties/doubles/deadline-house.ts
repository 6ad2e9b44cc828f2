/** A process with all that deadlines need, in virtual time, on a log and views that outlive it. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { DeadlineKeeper, LOOK_EVERY_MS } from '../../actors/deadline-keeper.ts';
import type { Ask } from '../../actors/decide.ts';
import { Supervisor } from '../../actors/supervisor.ts';
import type { Command } from '../../events/commands.ts';
import type { Deadlines } from '../../events/deadlines.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { Fact, Person } from '../../events/facts.ts';
import type { SessionRef } from '../../events/names.ts';
import { pause } from '../../infra/pause.ts';
import { Projector } from '../../projections/projector.ts';
import { Reader } from '../../projections/reader.ts';
import type { ViewStore } from '../../projections/view-store.ts';
import { VirtualWorld } from './virtual-world.ts';

export interface DeadlineGround {
  readonly log: EventLog;
  readonly views: ViewStore;
}

/** A fact with the time of its commit. */
export interface TimedFact {
  readonly at: number;
  readonly fact: Fact;
}

const BOUND_MS = 10_000;
let processes = 0;
let asked = 0;

export class DeadlineHouse {
  readonly world: VirtualWorld;
  readonly supervisor: Supervisor;
  readonly keeper: DeadlineKeeper;
  /** Shards whose deadlines this process keeps. */
  owned: ReadonlySet<number>;
  readonly #ground: DeadlineGround;
  readonly #projector: Projector;
  readonly #projects: boolean;

  /** Of several processes on the same views one alone may project. */
  constructor(ground: DeadlineGround, nowMs?: number, projects = true) {
    const { log, views } = ground;
    this.#ground = ground;
    this.#projects = projects;
    this.world = new VirtualWorld(nowMs, processes++ % 1_024);
    this.supervisor = new Supervisor(log, this.world, { idleMs: 60_000, actorsMax: 10_000 });
    this.owned = new Set(Array.from({ length: log.shards }, (_, shard) => shard));
    const { report } = this.world;
    this.#projector = new Projector({ log, views, pause, report });
    const reader = new Reader({
      log,
      views,
      projector: this.#projector,
      newest: () => undefined,
      acknowledged: () => 0,
      report,
    });
    this.keeper = new DeadlineKeeper({
      log,
      supervisor: this.supervisor,
      world: this.world,
      owned: () => this.owned,
      due: (shards, query) => reader.due(shards, query),
    });
    this.supervisor.observe(this.keeper);
    if (projects) this.#projector.start();
  }

  /** Carries out a command that must be allowed. */
  async ask(ref: SessionRef, by: Person, command: Command, clientId = `asked-${asked++}`): Promise<void> {
    const ask: Ask = { by, clientId, command };
    const answer = await this.supervisor.ask(ref, ask);
    if (isLeft(answer)) throw new Error(`${command.type}: ${answer.left._tag}`);
  }

  async open(ref: SessionRef, deadlines: Deadlines): Promise<void> {
    await this.ask(ref, { role: 'visitor', id: 'li' }, { type: 'OpenSession', visitor: { id: 'li' }, deadlines });
  }

  /** Lets time pass, with looks on the way. */
  async pass(ms: number, lookEveryMs = LOOK_EVERY_MS): Promise<void> {
    for (let left = ms; left > 0; left -= lookEveryMs) {
      this.world.pass(Math.min(left, lookEveryMs));
      await this.look();
    }
  }

  /** One look, at views that hold everything. */
  async look(): Promise<void> {
    await this.caughtUp();
    await this.keeper.look();
    await this.caughtUp();
  }

  async caughtUp(): Promise<void> {
    if (this.#projects && !(await this.#projector.caughtUp(await this.#ground.log.head(), BOUND_MS)))
      throw new Error('the views do not catch up');
  }

  /** The process ends. What it had in memory is gone. */
  async end(): Promise<void> {
    await this.keeper.stop();
    await this.supervisor.stop();
    await this.#projector.stop();
  }
}

/** Everything that happened in a session. */
export const factsIn = async (log: EventLog, ref: SessionRef): Promise<readonly TimedFact[]> => {
  const facts: TimedFact[] = [];
  for await (const batch of log.read(ref))
    for (const { commit } of batch) facts.push(...commit.events.map((fact) => ({ at: commit.at, fact })));
  return facts;
};

export const typesIn = async (log: EventLog, ref: SessionRef): Promise<readonly string[]> =>
  (await factsIn(log, ref)).map(({ fact }) => fact.type);
