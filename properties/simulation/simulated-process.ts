/** One process of Kefu, put together as the backbone does it, on simulated ports. It can be killed at any turn. */
import { Assistant } from '../../actors/assistant/assistant.ts';
import type { Knowledge } from '../../actors/assistant/knowledge-base.ts';
import { wakeUnanswered } from '../../actors/assistant/wake.ts';
import { DeadlineKeeper } from '../../actors/deadline-keeper.ts';
import type { Ownership } from '../../actors/ownership.ts';
import { Supervisor } from '../../actors/supervisor.ts';
import type { World } from '../../actors/world.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { WorkerSlots } from '../../events/worker-slots.ts';
import { Acknowledged } from '../../infra/acknowledged.ts';
import { OwnedSessions } from '../../infra/cluster/owned-sessions.ts';
import { type IdLease, leaseIds } from '../../infra/ids.ts';
import { Projector } from '../../projections/projector.ts';
import { Reader } from '../../projections/reader.ts';
import type { ViewStore } from '../../projections/view-store.ts';
import { InjectedFault } from './faults.ts';
import type { Ground } from './ground.ts';
import type { Owner } from './scheduler.ts';
import { type IdWatch, slotsFor } from './simulated-slots.ts';
import type { SimulatedSnapshots } from './simulated-snapshots.ts';

/** Unix milliseconds at which every history begins. */
export const EPOCH_MS = 1_764_000_000_000;
/** How long what is under way may take before a shard is let go of all the same. */
const LET_GO_MS = 2_000;

/** How a process reaches its surroundings. */
export interface Surroundings {
  readonly ground: Ground;
  readonly slots: WorkerSlots;
  readonly ids: IdWatch;
  readonly knowledge: Knowledge;
  readonly log: (owner: Owner, crash: (why: string) => void) => EventLog;
  /** For the projector and the reader. */
  readonly followed: (owner: Owner) => EventLog;
  readonly views: (owner: Owner) => ViewStore;
  readonly snapshots: SimulatedSnapshots;
  /** The world as the actors of this process know it. */
  readonly world: (world: World, owner: Owner) => World;
  /** Actors at rest are forgotten after so long. */
  readonly idleMs: number;
  readonly actorsMax: number;
}

/** What is in a process's memory from its start to its end. */
export interface Life {
  readonly owner: Owner;
  /** Shards that it believes to hold. */
  readonly holds: Set<number>;
  readonly supervisor: Supervisor;
  readonly sessions: OwnedSessions;
  readonly projector: Projector;
  readonly reader: Reader;
  /** For replays to joiners. */
  readonly log: EventLog;
  /** Takes a shard over: what was left unanswered there is looked up. */
  readonly gain: (shard: number) => void;
  /** Lets a shard go, once nothing of it is under way or that takes too long. */
  readonly lose: (shard: number) => Promise<void>;
  /** Called when it has ended. */
  readonly mourners: Set<() => void>;
}

export class SimulatedProcess {
  readonly name: string;
  /** What this machine's clock shows too much, in milliseconds. */
  clockErrorMs = 0;
  readonly #surroundings: Surroundings;
  #life: Life | undefined;
  #ids: IdLease | undefined;
  #starts = 0;

  constructor(name: string, surroundings: Surroundings) {
    this.name = name;
    this.#surroundings = surroundings;
  }

  /** `undefined` while it is down or starting. */
  get life(): Life | undefined {
    return this.#life;
  }

  async start(): Promise<void> {
    const { ground, slots } = this.#surroundings;
    this.#starts += 1;
    const owner: Owner = { name: `${this.name}.${this.#starts}`, alive: true };
    const clock = { now: () => this.#now(), monotonicMs: () => ground.scheduler.nowMs };
    for (;;) {
      try {
        this.#ids = await leaseIds(slotsFor(slots, ground, owner), clock);
        break;
      } catch (error) {
        if (!(error instanceof InjectedFault)) throw error;
        await ground.scheduler.sleep(owner, 100);
      }
    }
    const life = this.#assemble(owner, this.#ids);
    this.#life = life;
    life.projector.start();
    ground.tell(() => `${owner.name} is up`);
  }

  /** Everything in its memory is gone, and whoever was connected to it notices. */
  crash(why: string): void {
    const life = this.#life;
    if (life === undefined) return;
    this.#surroundings.ground.tell(() => `${life.owner.name} crashes ${why}`);
    this.#life = undefined;
    life.owner.alive = false;
    this.#forgetIds();
    for (const mourner of life.mourners) mourner();
  }

  /** Lets go of what would outlive the history. */
  end(): void {
    if (this.#life !== undefined) this.#life.owner.alive = false;
    this.#forgetIds();
  }

  #forgetIds(): void {
    // It is dead: no release of its slot ever gets out.
    void this.#ids?.close();
    this.#ids = undefined;
  }

  #assemble(owner: Owner, ids: IdLease): Life {
    const { ground, knowledge, ids: watch, snapshots, idleMs, actorsMax, ...connect } = this.#surroundings;
    const log = connect.log(owner, (why) => this.crash(why));
    const followed = connect.followed(owner);
    const views = connect.views(owner);
    const own = connect.world(
      {
        now: () => this.#now(),
        monotonicMs: () => ground.scheduler.nowMs,
        freshId: (seen) => ids.next(seen),
        after: (delayMs, callback) => ground.scheduler.after(owner, delayMs, callback),
        report: (trouble, detail) => this.#report(owner, trouble, detail),
      },
      owner,
    );
    const world: World = {
      ...own,
      freshId: (seen) => {
        const id = own.freshId(seen);
        if (id._tag === 'Right') watch.saw(owner, id.right);
        return id;
      },
    };
    const holds = new Set<number>();
    const owned = (): ReadonlySet<number> => holds;
    const ownership: Ownership = { owns: (shard) => holds.has(shard), owned, onChange: () => () => undefined };
    const supervisor = new Supervisor(log, world, { idleMs, actorsMax }, snapshots.connect(owner));
    supervisor.observe({ stored: (ref) => snapshots.maybeKeep(ref, supervisor.live(ref)) });
    const sessions = new OwnedSessions(supervisor, ownership, log.shards);
    const projector = new Projector({
      log: followed,
      views,
      shards: () => new Set(holds),
      pause: this.#pause(owner),
      report: world.report,
      passing: (stored) => supervisor.heard(stored),
      missed: (missed) => supervisor.missed(missed),
      following: (isSo) => supervisor.following(isSo),
      lost: (lost) => supervisor.unsaved(lost),
    });
    const acknowledged = new Acknowledged(log.shards, owned);
    supervisor.observe({
      stored: (ref, { position }) => acknowledged.stored(ref, position),
      activated: (ref) => acknowledged.stored(ref, supervisor.live(ref)?.position ?? 0),
    });
    supervisor.observe(new Assistant({ supervisor, log, world, knowledge }));
    const reader = new Reader({
      log: followed,
      views,
      projector,
      newest: (ref) => (sessions.owns(ref) ? supervisor.live(ref) : undefined),
      acknowledged: () => acknowledged.newest(),
      report: world.report,
    });
    const keeper = new DeadlineKeeper({
      log,
      supervisor,
      world,
      owned,
      due: (shards, query) => reader.due(shards, query),
    });
    supervisor.observe(keeper);
    keeper.start();
    const gain = (shard: number): void => {
      // What was woken here while the shard was another's knows nothing of what was written there since.
      void supervisor.release(new Set([shard]), 0);
      holds.add(shard);
      projector.recheck();
      wakeUnanswered(followed, supervisor, new Set([shard])).catch((error: unknown) => {
        world.report('unanswered questions could not be looked up', { error });
      });
    };
    const lose = (shard: number): Promise<void> => {
      holds.delete(shard);
      projector.recheck();
      return supervisor.release(new Set([shard]), LET_GO_MS);
    };
    return { owner, holds, gain, lose, supervisor, sessions, projector, reader, log: followed, mourners: new Set() };
  }

  #now(): number {
    return EPOCH_MS + this.#surroundings.ground.scheduler.nowMs + this.clockErrorMs;
  }

  #pause(owner: Owner): (delayMs: number, signal: AbortSignal) => Promise<void> {
    const { scheduler } = this.#surroundings.ground;
    return (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) {
          resolve();
          return;
        }
        const done = (): void => {
          cancel();
          signal.removeEventListener('abort', done);
          resolve();
        };
        const cancel = scheduler.after(owner, delayMs, done);
        signal.addEventListener('abort', done);
      });
  }

  #report(owner: Owner, trouble: string, { error }: Readonly<Record<string, unknown>>): void {
    const { tell, violated } = this.#surroundings.ground;
    tell(() => `${owner.name} reports: ${trouble}${error === undefined ? '' : ` (${sayError(error)})`}`);
    const isExpected = error === undefined || error instanceof InjectedFault || isLate(error);
    if (!isExpected) violated('nothing throws by itself', `${owner.name}: ${trouble}: ${sayError(error)}`);
  }
}

/** A timeout, when answers take so long that somebody does without them. */
const isLate = (error: unknown): boolean => error instanceof Error && error.message.endsWith('does not answer');

const sayError = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
