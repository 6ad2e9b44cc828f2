/** The people of a history and what they do all day: ask, read, leave, and come back. */
import type { Command } from '../../events/commands.ts';
import type { Client } from './client.ts';
import type { Dice } from './dice.ts';
import type { Ground } from './ground.ts';
import type { SimulatedOwnership } from './ownership.ts';
import { readFrom } from './reading.ts';
import type { InboxWitness, ReadWitness } from './reads.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import { nextCommand } from './wants.ts';

export interface Town {
  readonly ground: Ground;
  readonly processes: readonly SimulatedProcess[];
  readonly ownership: SimulatedOwnership;
  readonly reads: ReadWitness[];
  readonly inboxes: InboxWitness[];
  readonly shards: number;
}

const THINK_MS_MAX = 400;
const OUTBOX_MAX = 4;

/** One person's day. */
export const live = async (town: Town, client: Client, dice: Dice, acts: number): Promise<void> => {
  const { scheduler } = town.ground;
  await scheduler.sleep(client.owner, dice.below(THINK_MS_MAX));
  client.connect();
  if (client.by.role === 'visitor') client.want(opening(client.by.id, dice));
  for (let act = 1; act <= acts; act++) {
    await scheduler.sleep(client.owner, dice.below(dice.pick([2, 50, THINK_MS_MAX])));
    const what = dice.weighted({ command: 14, read: 4, repeat: 1, leave: 1, forget: 0.5 });
    if (what === 'command' && client.pending < OUTBOX_MAX)
      client.want(nextCommand(dice, client.by, client.seenSeq, act));
    else if (what === 'read') await read(town, client, dice);
    else if (what === 'repeat') client.repeat();
    else if (what === 'leave' || what === 'forget') client.disconnect(what === 'forget');
  }
};

const opening = (id: string, dice: Dice): Command => {
  const deadlines = { assistantReplyMs: 900, firstResponseMs: 1_500, idleCloseMs: 3_000 };
  return { type: 'OpenSession', visitor: { id }, ...(dice.happens(0.3) ? { deadlines } : {}) };
};

/** Reads over HTTP, from any process. */
const read = async (town: Town, client: Client, dice: Dice): Promise<void> => {
  const life = dice.pick(town.processes).life;
  if (life === undefined) return;
  await readFrom(town, client, life, dice);
};
