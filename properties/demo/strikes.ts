/** What goes wrong on purpose while a play runs: twice, around a third and two thirds of its messages. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Server } from '../servers/server.ts';
import type { Chance } from './chance.ts';
import type { Stage } from './stage.ts';

export const faults = ['none', 'kill-server', 'kill-nats', 'kill-redis', 'flush-redis'] as const;
export type Fault = (typeof faults)[number];

export interface Strike {
  readonly what: string;
  /** After how many acknowledged messages. */
  readonly atMessage: number;
  /** Until the struck server answered again. */
  readonly backAfterMs: number;
}

/** How far from its third a strike may fall, as a share of all messages. */
const JITTER = 0.05;
/** Right behind an acknowledgement nothing may be under way; a little later something is at every stage of its way. */
const PAUSE_MAX_MS = 20;
/** The views that an earlier strike has emptied are there again after so long. */
const REBUILT_WITHIN_MS = 10_000;

export class Strikes {
  readonly #stage: Stage;
  readonly #fault: Fault;
  readonly #moments: number[];
  readonly #chance: Chance;
  readonly #made: Promise<Strike>[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(fault: Fault, stage: Stage, messages: number, chance: Chance) {
    this.#fault = fault;
    this.#stage = stage;
    this.#chance = chance;
    const near = (share: number): number => Math.floor(messages * (share + (chance() * 2 - 1) * JITTER));
    this.#moments = fault === 'none' ? [] : [near(1 / 3), near(2 / 3)];
  }

  /** To be told how many messages are acknowledged; strikes when it is time. */
  reached(messages: number): void {
    while (this.#moments[0] !== undefined && messages >= this.#moments[0]) {
      this.#moments.shift();
      // Where the second falls due before the first is over, it waits its turn.
      const strike = this.#last.then(() => this.#strike(messages));
      this.#last = strike.catch(() => undefined);
      this.#made.push(strike);
    }
  }

  /** What was done. Rejects when a struck server did not come back. */
  over(): Promise<readonly Strike[]> {
    return Promise.all(this.#made);
  }

  async #strike(atMessage: number): Promise<Strike> {
    await sleep(this.#chance() * PAUSE_MAX_MS);
    const startedAt = performance.now();
    const what = await strikeNow(this.#fault, this.#stage);
    return { what, atMessage, backAfterMs: performance.now() - startedAt };
  }
}

const strikeNow = async (fault: Fault, { kefu, nats, redis }: Stage): Promise<string> => {
  switch (fault) {
    case 'none':
      return 'nothing';
    case 'kill-server':
      return `kill -9 of kefu, ${await kill(kefu)}`;
    case 'kill-nats':
      return `kill -9 of nats-server, ${await kill(nats)}`;
    case 'kill-redis':
      return `kill -9 of redis-server, ${await kill(redis)}, empty`;
    case 'flush-redis':
      return `FLUSHALL of Redis with ${await flush(redis)} keys`;
  }
};

/** The next process gets the same port and store. */
const kill = async (server: Server | undefined): Promise<string> => {
  if (server === undefined) throw new Error('a server that was not started here is not killed');
  const before = server.pid();
  await server.kill('SIGKILL');
  await server.restart();
  return `process ${before}, started again as ${server.pid()}`;
};

/** Says how many keys there were. Waits for the first: emptying what is empty would prove nothing. */
const flush = async (server: Server | undefined): Promise<number> => {
  if (server === undefined) throw new Error('a Redis that was not started here is not emptied');
  const redis = new Redis(server.url);
  const deadline = performance.now() + REBUILT_WITHIN_MS;
  try {
    let keys = await redis.dbsize();
    while (keys === 0 && performance.now() < deadline) keys = await redis.dbsize();
    await redis.flushall();
    return keys;
  } finally {
    redis.disconnect();
  }
};
