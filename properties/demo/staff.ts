/** The agents of a play, and who of them takes which session. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ambient, KefuRefusal } from '../../infra/client/index.ts';
import { Agent, type Seat } from './agent.ts';
import type { Badges } from './badges.ts';
import { Desk } from './desk.ts';

interface Promised {
  readonly seat: Promise<Seat>;
  readonly taken: (seat: Seat) => void;
  readonly failed: (why: Error) => void;
}

/** What the agents' watches told, all together. */
export interface Watched {
  readonly rows: number;
  /** Rows older than what had been told of their session before. */
  readonly wentBack: number;
  /** Sessions still shown as waiting when nobody waits any more. */
  readonly left: number;
}

/** Every so many sessions two agents claim at once, as happens where people see the same queue. */
const RIVAL_EVERY = 10;
/** How long the last changes may take to reach the watches. */
const QUEUE_EMPTY_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;

export class Staff {
  /** Claims that were refused because the other agent was quicker. */
  refusedClaims = 0;
  readonly #agents: readonly Agent[];
  readonly #desk: Desk;
  readonly #seats = new Map<string, Promised>();

  constructor(url: string, ambient: Ambient, tokens: readonly { readonly id: string; readonly token: string }[]) {
    this.#desk = new Desk(tokens.length, tokens.length > 1 ? RIVAL_EVERY : 0);
    this.#agents = tokens.map(({ id, token }, index) => {
      const agent: Agent = new Agent({ url, token, ambient }, id, (session) => {
        if (this.#desk.isFor(index, session)) void this.#claim(agent, index, session);
      });
      return agent;
    });
  }

  static open(url: string, badges: Badges, agents: number, ambient: Ambient): Staff {
    const ids = Array.from({ length: agents }, (_, index) => `agent-${String(index + 1).padStart(2, '0')}`);
    const tokens = ids.map((id) => ({ id, token: badges.tokenFor('agent', id) }));
    return new Staff(url, ambient, tokens);
  }

  /** The agent of a session, as soon as one has claimed it. */
  seat(session: string): Promise<Seat> {
    return this.#promised(session).seat;
  }

  /** Sockets opened by all agents. */
  get sockets(): number {
    return this.#agents.reduce((sum, { wire }) => sum + wire.sockets, 0);
  }

  /** To be asked when no session waits any more: waits until the watches say so too, for a while. */
  async watched(): Promise<Watched> {
    const sum = (count: (agent: Agent) => number): number => this.#agents.reduce((all, each) => all + count(each), 0);
    const deadline = performance.now() + QUEUE_EMPTY_WITHIN_MS;
    while (sum(({ queue }) => queue.waiting) > 0 && performance.now() < deadline) await sleep(LOOK_EVERY_MS);
    return {
      rows: sum(({ queue }) => queue.told),
      wentBack: sum(({ queue }) => queue.wentBack),
      left: sum(({ queue }) => queue.waiting),
    };
  }

  /** Whoever waits for an agent is told that none comes. */
  close(why: Error): void {
    for (const agent of this.#agents) agent.close(why);
    for (const { failed } of this.#seats.values()) failed(why);
  }

  async #claim(agent: Agent, index: number, session: string): Promise<void> {
    const { taken, failed } = this.#promised(session);
    const seat = await agent.claim(session).catch((error: unknown) => error as Error);
    if (!(seat instanceof Error)) {
      const leave = (): void => {
        seat.leave();
        this.#desk.isDone(index);
      };
      taken({ ...seat, leave });
      return;
    }
    this.#desk.isDone(index);
    if (seat instanceof KefuRefusal && seat.reason === 'already_assigned') this.refusedClaims += 1;
    else failed(seat);
  }

  #promised(session: string): Promised {
    let promised = this.#seats.get(session);
    if (promised === undefined) {
      let taken: Promised['taken'] = () => undefined;
      let failed: Promised['failed'] = () => undefined;
      const seat = new Promise<Seat>((resolve, reject) => {
        taken = resolve;
        failed = reject;
      });
      // Its visitor may have given up before; then nobody waits for this one.
      seat.catch(() => undefined);
      promised = { seat, taken, failed };
      this.#seats.set(session, promised);
    }
    return promised;
  }
}
