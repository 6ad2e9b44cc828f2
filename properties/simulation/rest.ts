/** The end of a history: nothing goes wrong any more, and everything that was left behind catches up. */
import type { Dice } from './dice.ts';
import type { Stage } from './disasters.ts';
import { readFrom } from './reading.ts';
import type { SimulatedLog } from './simulated-log.ts';

const TURNS_MAX = 60_000;
/** Quiet for so long is quiet for good, in milliseconds: longer than anyone waits before trying again. */
const QUIET_MS = 6_000;

export const comeToRest = async (stage: Stage, log: SimulatedLog, dice: Dice): Promise<void> => {
  const { ground, processes, clients } = stage;
  if (!(await untilQuiet(stage, () => unrest(stage, log)))) return;
  // Whoever reads finds out that views are gone; what is found out is made good.
  for (let round = 0; round < 2; round++) {
    let reading = 0;
    for (const { life } of processes)
      for (const client of clients) {
        if (life === undefined) continue;
        reading += 1;
        void readFrom(stage, client, life, dice).then(() => {
          reading -= 1;
        });
      }
    const isRead = await ground.scheduler.run(() => reading === 0, TURNS_MAX);
    if (!isRead) ground.violated('everything comes to rest', 'a read gets no answer');
    if (!(await untilQuiet(stage, () => unrest(stage, log) ?? lag(stage, log)))) return;
  }
};

/** What is still to come; `undefined` when nothing is. */
const unrest = ({ ground, processes, ownership, clients }: Stage, log: SimulatedLog): string | undefined => {
  if (ground.onTheWire.appends > 0) return 'appends are on their way';
  if (ownership.isMoving) return 'shards are on their way';
  const down = processes.find(({ life }) => life === undefined);
  if (down !== undefined) return `${down.name} does not come up`;
  for (const client of clients) {
    if (client.pending > 0) return `${client.owner.name} waits for answers`;
    const head = log.heads.get(client.ref.session) ?? 0;
    if (head > 0 && !client.isJoined) return `${client.owner.name} cannot join`;
    if (client.seenSeq < head) return `${client.owner.name} has seen ${client.seenSeq} facts of ${head}`;
  }
  return undefined;
};

const lag = ({ views, shards }: Stage, log: SimulatedLog): string | undefined => {
  for (let shard = 0; shard < shards; shard++) {
    const [reached, head] = [views.store.reached.get(shard) ?? 0, log.shardHeads.get(shard) ?? 0];
    if (reached < head) return `the views of shard ${shard} are at ${reached} of ${head}`;
  }
  return undefined;
};

const untilQuiet = async ({ ground }: Stage, why: () => string | undefined): Promise<boolean> => {
  const { scheduler, violated } = ground;
  let quietSince = Number.POSITIVE_INFINITY;
  const isQuiet = await scheduler.run(() => {
    if (why() !== undefined) quietSince = Number.POSITIVE_INFINITY;
    else if (quietSince > scheduler.nowMs) quietSince = scheduler.nowMs;
    return scheduler.nowMs - quietSince >= QUIET_MS;
  }, TURNS_MAX);
  if (!isQuiet) violated('everything comes to rest', why() ?? 'there is always something new');
  return isQuiet;
};
