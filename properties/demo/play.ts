/** All dialogues, many at once, with whatever is to go wrong meanwhile. */
import type { Ambient } from '../../infra/client/index.ts';
import { Api } from './api.ts';
import type { Badges } from './badges.ts';
import type { Chance } from './chance.ts';
import type { Dialogue } from './dialogues.ts';
import { Meter } from './meter.ts';
import type { Progress } from './progress.ts';
import { type Company, type Played, playScene } from './scene.ts';
import { Staff, type Watched } from './staff.ts';
import type { Stage } from './stage.ts';
import { type Fault, type Strike, Strikes } from './strikes.ts';
import { Visitor } from './visitor.ts';

export interface PlayOptions {
  readonly dialogues: readonly Dialogue[];
  /** Dialogues that run at the same time. */
  readonly atOnce: number;
  readonly agents: number;
  readonly fault: Fault;
  readonly chance: Chance;
  readonly progress: Progress;
  /** Clock, chance and timers of the clients. */
  readonly ambient: Ambient;
}

export interface Outcome {
  readonly played: readonly Played[];
  readonly meter: Meter;
  readonly strikes: readonly Strike[];
  /** From the first socket to the last dialogue's end. */
  readonly tookMs: number;
  /** Sockets that were opened again after they were lost. */
  readonly reconnects: number;
  /** Claims that were refused because another agent was quicker. */
  readonly refusedClaims: number;
  readonly watched: Watched;
}

/** A play in which nothing at all moves for so long is given up. A client may wait for half of it before it reconnects. */
const STILL_MAX_MS = 60_000;
const LOOK_EVERY_MS = 500;

export const play = async (stage: Stage, badges: Badges, options: PlayOptions): Promise<Outcome> => {
  const { dialogues, atOnce, agents, fault, chance, progress, ambient } = options;
  const messages = dialogues.reduce((sum, { turns }) => sum + turns.length, 0);
  const strikes = new Strikes(fault, stage, messages, chance);
  const meter = new Meter();
  meter.onAcked = () => {
    strikes.reached(meter.acked);
    progress.acked(meter.acked);
  };
  progress.begin(messages);
  const startedAt = performance.now();
  const staff = Staff.open(stage.url, badges, agents, ambient);
  const serviceToken = badges.tokenFor('service', 'platform');
  const company: Company = {
    reception: { url: stage.url, ambient, api: new Api(stage.url), badges, serviceToken },
    staff,
    meter,
  };
  const present = new Set<Visitor>();
  const guard = setInterval(() => {
    if (meter.stillMs < STILL_MAX_MS) return;
    const why = new Error(`nothing moved for ${STILL_MAX_MS / 1_000} s`);
    staff.close(why);
    for (const visitor of present) visitor.giveUp(why);
  }, LOOK_EVERY_MS);

  const played: Played[] = [];
  let [next, visitorSockets] = [0, 0];
  const playOn = async (): Promise<void> => {
    for (let index = next++; index < dialogues.length; index = next++) {
      const dialogue = dialogues[index];
      if (dialogue === undefined) return;
      const visitor = new Visitor(dialogue.id);
      present.add(visitor);
      played.push(await playScene(dialogue, visitor, index % 2 === 0 ? 'socket' : 'platform', company));
      present.delete(visitor);
      visitorSockets += Math.max(0, visitor.wire.sockets - 1);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, dialogues.length) }, playOn));
    const tookMs = performance.now() - startedAt;
    const reconnects = visitorSockets + Math.max(0, staff.sockets - agents);
    const { refusedClaims } = staff;
    const made = await strikes.over();
    return { played, meter, strikes: made, tookMs, reconnects, refusedClaims, watched: await staff.watched() };
  } finally {
    clearInterval(guard);
    staff.close(new Error('the play is over'));
    progress.end();
  }
};
