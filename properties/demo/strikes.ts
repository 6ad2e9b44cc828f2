/** What goes wrong on purpose while a play runs: twice, around a third and two thirds of its messages. */
import { Redis } from 'ioredis';
import type { Chance } from './chance.ts';
import type { Stage } from './stage.ts';

export const faults = ['none', 'kill-server', 'kill-nats', 'flush-redis'] as const;
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

/** What a fault needs that this stage does not have; `undefined` when it can be done. */
export const impossible = (fault: Fault, stage: Stage): string | undefined => {
  if (fault === 'kill-server' && stage.kefu === undefined) return 'only a server that was started here is killed';
  if (fault === 'kill-nats' && stage.nats === undefined) return 'there is no nats-server to kill; take --backend nats';
  if (fault === 'flush-redis' && stage.redis === undefined) return 'there is no Redis to empty; take --backend nats';
  return undefined;
};

export class Strikes {
  readonly #stage: Stage;
  readonly #fault: Fault;
  readonly #moments: number[];
  readonly #made: Promise<Strike>[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(fault: Fault, stage: Stage, messages: number, chance: Chance) {
    this.#fault = fault;
    this.#stage = stage;
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
    case 'kill-nats': {
      const server = fault === 'kill-server' ? kefu : nats;
      const pid = server?.pid();
      await server?.kill('SIGKILL');
      await server?.restart();
      return `kill -9 of ${fault === 'kill-server' ? 'kefu' : 'nats-server'} (process ${pid}), restarted as ${server?.pid()}`;
    }
    case 'flush-redis':
      return `FLUSHALL of Redis with ${await flush(redis?.url ?? '')} keys`;
  }
};

/** Says how many keys there were. */
const flush = async (url: string): Promise<number> => {
  const redis = new Redis(url);
  try {
    const keys = await redis.dbsize();
    await redis.flushall();
    return keys;
  } finally {
    redis.disconnect();
  }
};
