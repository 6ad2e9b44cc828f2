/** One fault after the other on a running installation, and then a reckoning. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Chance, seeded, shuffled } from '../demo/chance.ts';
import { Crowd } from './crowd.ts';
import type { Ground } from './ground.ts';
import { readOwnWrites } from './own-writes.ts';
import { recovered, staffed } from './recovery.ts';
import { acts, type Kind } from './strikes.ts';
import { readTruth } from './truth.ts';
import { judge, type Verdict } from './verdict.ts';

export interface ChaosOptions {
  /** What is struck with, in this order. */
  readonly plan: readonly Kind[];
  readonly seed: number;
  readonly sessions: number;
  /** How long a person is silent between two messages, on average. */
  readonly thinkMs: number;
  readonly say: (line: string) => void;
}

export interface Cycle {
  readonly kind: Kind;
  readonly what: string;
  /** From the strike until everything that was probed was acknowledged and seen. */
  readonly recoveredMs: number;
}

export interface Report {
  readonly cycles: readonly Cycle[];
  readonly said: number;
  readonly acked: number;
  readonly unknown: number;
  readonly refused: number;
  readonly facts: number;
  readonly sessions: number;
  readonly turnedAway: number;
  readonly sockets: number;
  readonly reads: number;
  /** Facts that came over sockets, each counted once for each client. */
  readonly seen: number;
  readonly verdict: Verdict;
}

const PROBED_MAX = 16;
const NEWCOMERS = 2;
/** Between two faults everything runs undisturbed for a moment. */
const CALM_MS = 500;
/** How far into a burst a strike may fall. */
const STRIKE_WITHIN_MS = 40;

export const runChaos = async (ground: Ground, options: ChaosOptions): Promise<Report> => {
  const { plan, seed, sessions, thinkMs, say } = options;
  const chance = seeded(seed);
  const crowd = new Crowd(ground, `chaos-${randomBytes(6).toString('hex')}`, seeded(seed + 1));
  const reading = new AbortController();
  try {
    await crowd.enter(sessions, thinkMs);
    say(`${sessions} sessions are open`);
    const ownWrites = readOwnWrites(ground, crowd, seeded(seed + 2), reading.signal);
    const cycles: Cycle[] = [];
    const stuck: string[] = [];
    for (const kind of plan) {
      const cycle = await strike(kind, ground, crowd, chance, stuck);
      cycles.push(cycle);
      const took = `serving again after ${Math.round(cycle.recoveredMs)} ms`;
      say(`${cycles.length}/${plan.length} ${kind}: ${cycle.what}; ${took}; ${crowd.acked} acknowledged`);
      if (stuck.length > 0) break;
      await sleep(CALM_MS);
    }
    reading.abort();
    say('settling');
    if (!(await crowd.settle())) stuck.push(...crowd.unsettled());
    say('comparing');
    const truth = await readTruth(ground);
    const verdict = await judge(ground, crowd, truth, await ownWrites, stuck);
    const said = crowd.parties.flatMap((party) => party.said);
    const count = (outcome: string): number => said.filter((each) => each.outcome === outcome).length;
    return {
      cycles,
      said: said.length,
      acked: count('acked'),
      unknown: count('unknown'),
      refused: count('refused'),
      facts: [...truth.sessions.values()].reduce((sum, { length }) => sum + length, 0),
      sessions: truth.sessions.size,
      turnedAway: crowd.turnedAway.length,
      sockets: crowd.wires.reduce((sum, wire) => sum + wire.sockets, 0),
      reads: (await ownWrites).reads,
      seen: crowd.wires.reduce(
        (sum, wire) => sum + [...wire.seen.values()].reduce((all, { size }) => all + size, 0),
        0,
      ),
      verdict,
    };
  } finally {
    reading.abort();
    crowd.leave();
  }
};

const strike = async (kind: Kind, ground: Ground, crowd: Crowd, chance: Chance, stuck: string[]): Promise<Cycle> => {
  crowd.burst();
  await sleep(chance() * STRIKE_WITHIN_MS);
  const startedAt = performance.now();
  const act = acts[kind](ground, chance);
  const newcomers = Array.from({ length: NEWCOMERS }, () => crowd.newcomer());
  const what = await act;
  const pairs = crowd.conversations.filter(({ agent }) => agent !== undefined);
  stuck.push(...(await recovered(shuffled(pairs, chance).slice(0, PROBED_MAX))));
  const recoveredMs = performance.now() - startedAt;
  stuck.push(...(await staffed(ground)));
  await Promise.all(newcomers);
  return { kind, what, recoveredMs };
};
