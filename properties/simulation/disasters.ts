/** What happens to processes, clocks, views and sockets while people go about their day. */
import type { Client } from './client.ts';
import { type Disaster, disasters } from './faults.ts';
import type { Town } from './people.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { SimulatedViews } from './simulated-views.ts';

export interface Stage extends Town {
  readonly views: SimulatedViews;
  readonly clients: readonly Client[];
}

const EVERY_MS_MAX = 250;
const DOWN_MS_MAX = 2_000;
const HOUR_MS = 3_600_000;

/** Strikes again and again until it is over. */
export const strike = async (stage: Stage, isOver: () => boolean): Promise<void> => {
  const { ground } = stage;
  for (;;) {
    await ground.scheduler.sleep(ground.wire, ground.dice.between(20, EVERY_MS_MAX));
    if (isOver()) return;
    const kind = ground.dice.pick(disasters);
    if (ground.faults.strikes(kind)) await happen(stage, kind);
  }
};

const happen = async (stage: Stage, kind: Disaster): Promise<void> => {
  const { ground, processes, ownership, views, clients, shards } = stage;
  const { dice, tell, wire } = ground;
  const process = dice.pick(processes);
  const shard = dice.below(shards);
  switch (kind) {
    case 'crash':
      process.crash('at any moment');
      break;
    case 'shard handed over':
      void ownership.handOver(shard);
      break;
    case 'split ownership':
      void ownership.split(shard, wire);
      break;
    case 'clock set back':
    case 'clock set ahead':
      setClock(process, (kind === 'clock set back' ? -1 : 1) * dice.pick([1, 50, 2_000, HOUR_MS, 30 * 24 * HOUR_MS]));
      tell(() => `${process.name}: ${kind}`);
      break;
    case 'views emptied':
      tell(() => 'the views are emptied');
      await views.empty();
      break;
    case 'connection lost':
      dice.pick(clients).disconnect(false);
      break;
    case 'slow reader':
      break;
  }
};

const setClock = (process: SimulatedProcess, byMs: number): void => {
  process.clockErrorMs += byMs;
};

/** Whoever is down comes up again after a while. */
export const revive = async ({ ground }: Town, process: SimulatedProcess, isOver: () => boolean): Promise<void> => {
  while (!isOver()) {
    await process.start();
    const life = process.life;
    if (life !== undefined && life.owner.alive) await new Promise<void>((died) => life.mourners.add(died));
    await ground.scheduler.sleep(ground.wire, ground.dice.below(DOWN_MS_MAX));
  }
};
