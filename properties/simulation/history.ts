/** One history, from nothing to rest: who is there, what goes wrong, and which laws did not hold. */

import { TenantKnowledge } from '../../actors/assistant/knowledge/tenant-knowledge.ts';
import type { Knowledge } from '../../actors/assistant/knowledge-base.ts';
import type { World } from '../../actors/world.ts';
import type { EventLog } from '../../events/event-log.ts';
import { shardOf } from '../../events/shard.ts';
import { baseOf } from '../../infra/assistant/base.ts';
import type { ViewStore } from '../../projections/view-store.ts';
import { MemoryWorkerSlots } from '../doubles/memory-worker-slots.ts';
import { checkHistory } from './checks/check-history.ts';
import { Client } from './client.ts';
import { Dice } from './dice.ts';
import { revive, type Stage, strike } from './disasters.ts';
import { type FaultKind, Faults } from './faults.ts';
import type { Ground, Law } from './ground.ts';
import { SimulatedOwnership } from './ownership.ts';
import { live } from './people.ts';
import { Recorder } from './recorder.ts';
import { comeToRest } from './rest.ts';
import { type Owner, Scheduler } from './scheduler.ts';
import { SimulatedLog } from './simulated-log.ts';
import { EPOCH_MS, SimulatedProcess, type Surroundings } from './simulated-process.ts';
import { IdWatch } from './simulated-slots.ts';
import { SimulatedSnapshots } from './simulated-snapshots.ts';
import { SimulatedViews } from './simulated-views.ts';
import { agents, QUESTION } from './wants.ts';

/** A mistake that somebody could make, built around the ports of every process. */
export interface PlantedBug {
  readonly name: string;
  /** What it breaks, among other things. */
  readonly law: Law;
  /** The log as the actors of one process reach it. */
  readonly log?: (log: EventLog, ground: Ground, owner: Owner) => EventLog;
  /** The log as the projector and the reader of one process reach it. */
  readonly followed?: (log: EventLog, ground: Ground, owner: Owner) => EventLog;
  readonly views?: (views: ViewStore, ground: Ground, owner: Owner) => ViewStore;
  readonly world?: (world: World, ground: Ground, owner: Owner) => World;
}

export interface Failure {
  readonly law: Law;
  readonly what: string;
}

export interface History {
  readonly seed: number;
  readonly failures: readonly Failure[];
  readonly commands: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly facts: number;
  readonly reads: number;
  readonly turns: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
}

export interface HistoryOptions {
  readonly seed: number;
  readonly bug?: PlantedBug;
  /** Hears what happens, in order. */
  readonly trace?: (line: string) => void;
}

const TENANT = 't';
const TURNS_MAX = 60_000;
const FAILURES_MAX = 20;
const known = new TenantKnowledge(
  baseOf([{ id: 'hours', lang: 'en', question: QUESTION, answer: 'from nine to five' }]),
);
const knowledge: Knowledge = { of: () => known };

export const runHistory = async ({ seed, bug, trace }: HistoryOptions): Promise<History> => {
  const dice = new Dice(seed);
  const scheduler = new Scheduler(dice.fork(), dice.pick([0, 0, 0.5, 0.9]));
  const failures: Failure[] = [];
  const ground: Ground = {
    scheduler,
    dice: dice.fork(),
    faults: new Faults(dice.fork()),
    wire: { name: 'the wire', alive: true },
    onTheWire: { appends: 0 },
    tell:
      trace === undefined ? () => undefined : (what) => trace(`${scheduler.turns} ${scheduler.nowMs} ms  ${what()}`),
    violated: (law, what) => {
      trace?.(`${scheduler.turns} ${scheduler.nowMs} ms  VIOLATED: ${law}: ${what}`);
      if (failures.length < FAILURES_MAX) failures.push({ law, what });
    },
  };
  const shards = dice.between(1, 3);
  const log = new SimulatedLog(shards, ground);
  const views = new SimulatedViews(shards, ground);
  const surroundings: Surroundings = {
    ground,
    knowledge,
    slots: new MemoryWorkerSlots(() => EPOCH_MS + scheduler.nowMs, 4),
    ids: new IdWatch(ground),
    idleMs: dice.pick([100, 2_000, 60_000]),
    actorsMax: dice.pick([1, 100]),
    log: (owner, crash) => {
      const connected = log.connect(owner, crash);
      return bug?.log?.(connected, ground, owner) ?? connected;
    },
    followed: (owner) => {
      const connected = log.connect(owner, () => undefined);
      return bug?.followed?.(connected, ground, owner) ?? connected;
    },
    world: (world, owner) => bug?.world?.(world, ground, owner) ?? world,
    snapshots: new SimulatedSnapshots(ground),
    views: (owner) => {
      const connected = views.connect(owner);
      return bug?.views?.(connected, ground, owner) ?? connected;
    },
  };
  const processes = Array.from(
    { length: dice.pick([1, 2, 2, 3]) },
    (_, index) => new SimulatedProcess(`p${index + 1}`, surroundings),
  );
  const ownership = new SimulatedOwnership(ground, processes, shards);
  const recorder = new Recorder();
  const clients = peopleOf(ground, dice, recorder, ownership, shards);
  const stage: Stage = { ground, processes, ownership, views, clients, shards, reads: [], inboxes: [] };

  let isOver = false;
  let busy = clients.length;
  for (const process of processes) void revive(stage, process, () => isOver);
  void strike(stage, () => isOver || busy === 0);
  for (const client of clients)
    void live(stage, client, dice.fork(), dice.between(2, 9)).then(() => {
      busy -= 1;
    });
  const isDone = await scheduler.run(() => busy === 0 || failures.length >= FAILURES_MAX, TURNS_MAX);
  if (!isDone) ground.violated('everything comes to rest', 'somebody waits for ever');
  ground.faults.heal();
  if (failures.length === 0) await comeToRest(stage, log, dice.fork());
  if (failures.length === 0 || bug !== undefined) await checkHistory(stage, log, recorder, ground);
  isOver = true;
  for (const process of processes) process.end();
  ground.wire.alive = false;
  for (const { owner } of clients) owner.alive = false;

  const told = recorder.wishes.map((wish) => wish.told?._tag);
  return {
    seed,
    failures,
    commands: recorder.wishes.length,
    acknowledged: told.filter((tag) => tag === 'Right').length,
    refused: told.filter((tag) => tag === 'Left').length,
    facts: [...log.heads.values()].reduce((sum, head) => sum + head, 0),
    reads: stage.reads.length + stage.inboxes.length,
    turns: scheduler.turns,
    faults: ground.faults.counts,
  };
};

const peopleOf = (
  ground: Ground,
  dice: Dice,
  recorder: Recorder,
  ownership: SimulatedOwnership,
  shards: number,
): readonly Client[] =>
  Array.from({ length: dice.between(1, 3) }, (_, index) => `s${index + 1}`).flatMap((session) => {
    const shard = shardOf(session, shards);
    const people = [
      { role: 'visitor', id: `v-${session}` } as const,
      ...agents.slice(0, dice.between(0, 2)).map((id) => ({ role: 'agent', id }) as const),
    ];
    return people.map((by) => {
      const own = dice.fork();
      const route = () => {
        const pretenders = ownership.pretenders(shard);
        return pretenders.length > 0 && own.happens(0.5) ? own.pick(pretenders) : ownership.holder(shard);
      };
      const term = (life: Parameters<SimulatedOwnership['term']>[0]): number => ownership.term(life, shard);
      return new Client(
        { ground, dice: own, recorder, ref: { tenant: TENANT, session }, by, route, term },
        `${by.id}@${session}`,
      );
    });
  });
