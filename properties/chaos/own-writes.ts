/** Reads histories while everything goes wrong: what was acknowledged before the question must be in the answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../demo/chance.ts';
import type { Crowd } from './crowd.ts';
import type { Ground } from './ground.ts';

const EVERY_MS = 50;
const WITHIN_MS = 20_000;

export interface OwnWrites {
  /** Answers that could be judged. */
  reads: number;
  readonly stale: string[];
}

/** Reads until the signal is raised. What cannot be served right now is no answer. */
export const readOwnWrites = async (
  ground: Ground,
  crowd: Crowd,
  chance: Chance,
  signal: AbortSignal,
): Promise<OwnWrites> => {
  const result: OwnWrites = { reads: 0, stale: [] };
  const token = crowd.badges.tokenFor('analyst', 'reader');
  const readOne = async (): Promise<void> => {
    const conversation = crowd.conversations[Math.floor(chance() * crowd.conversations.length)];
    const machine = ground.machines[Math.floor(chance() * ground.machines.length)];
    if (conversation === undefined || machine === undefined) return;
    const { visitor, agent } = conversation;
    const known = Math.max(visitor.ackedMessageSeq, agent?.ackedMessageSeq ?? 0);
    const path = `/v1/sessions/${visitor.session}/messages?limit=20`;
    const response = await fetch(`${machine.url}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    const body = (await response.json()) as { messages?: readonly { seq: number }[] };
    if (response.status === 404) result.stale.push(`${visitor.session}: not found, seq ${known} was acknowledged`);
    if (response.status !== 200) return;
    result.reads += 1;
    const newest = body.messages?.at(-1)?.seq ?? 0;
    if (newest < known) result.stale.push(`${visitor.session}: read up to ${newest}, ${known} was acknowledged before`);
  };
  while (!signal.aborted) {
    await readOne().catch(() => undefined);
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return result;
};
