/** The agents of a play: each with one socket for all sessions, finding work by watching the queue. */
import { connectKefu, type KefuClient, KefuRefusal, type SessionHandle } from '../../infra/client/index.ts';
import type { Badges } from './badges.ts';
import { Desk } from './desk.ts';
import { Wire } from './recording-socket.ts';
import { Witness } from './witness.ts';

/** One side of a session. */
export interface Side {
  readonly person: { readonly role: 'visitor' | 'agent'; readonly id: string };
  readonly handle: SessionHandle;
  readonly witness: Witness;
  readonly wire: Wire;
  /** Lets go of the session. */
  leave(): void;
}

/** An agent who has claimed a session. */
export interface Seat extends Side {
  readonly claimSeq: number;
}

interface Promised {
  readonly seat: Promise<Seat>;
  readonly taken: (seat: Seat) => void;
  readonly failed: (why: Error) => void;
}

/** Sessions that a watch gives when it begins; where there are as many, there may be more. */
const WATCHED_MAX = 200;
/** Every so many sessions two agents claim at once, as happens where people see the same queue. */
const RIVAL_EVERY = 10;

export class Staff {
  /** Claims that were refused because the other agent was quicker. */
  refusedClaims = 0;
  readonly #agents: readonly Agent[];
  readonly #desk: Desk;
  readonly #seats = new Map<string, Promised>();

  constructor(url: string, tokens: readonly { readonly id: string; readonly token: string }[]) {
    this.#desk = new Desk(tokens.length, tokens.length > 1 ? RIVAL_EVERY : 0);
    this.#agents = tokens.map(({ id, token }, index) => {
      const agent: Agent = new Agent(url, id, token, (session) => {
        if (this.#desk.isFor(index, session)) void this.#claim(agent, index, session);
      });
      return agent;
    });
  }

  static async open(url: string, badges: Badges, agents: number): Promise<Staff> {
    const ids = Array.from({ length: agents }, (_, index) => `agent-${String(index + 1).padStart(2, '0')}`);
    const tokens = ids.map(async (id) => ({ id, token: await badges.tokenFor('agent', id) }));
    return new Staff(url, await Promise.all(tokens));
  }

  /** The agent of a session, as soon as one has claimed it. */
  seat(session: string): Promise<Seat> {
    return this.#promised(session).seat;
  }

  /** Sockets opened by all agents. */
  get sockets(): number {
    return this.#agents.reduce((sum, { wire }) => sum + wire.sockets, 0);
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

class Agent {
  readonly wire = new Wire();
  readonly #id: string;
  readonly #client: KefuClient;
  readonly #offered: (session: string) => void;
  readonly #tried = new Set<string>();
  readonly #witnesses = new Set<Witness>();
  #watch: { stop(): void };
  #given = 0;
  #mayHaveMore = false;

  /** `offered` is called with each waiting session, also more than once. */
  constructor(url: string, id: string, token: string, offered: (session: string) => void) {
    this.#id = id;
    this.#offered = offered;
    this.#client = connectKefu({ url, token, WebSocket: this.wire.Socket });
    this.#watch = this.#startWatch();
  }

  async claim(session: string): Promise<Seat> {
    const witness = new Witness();
    this.#witnesses.add(witness);
    const handle = this.#client.join(session, {
      onEvent: ({ seq, event }) => witness.see(seq, event),
      onRefused: (refusal) => witness.giveUp(refusal),
    });
    const leave = (): void => {
      handle.leave();
      this.#witnesses.delete(witness);
    };
    try {
      const { seq } = await handle.do({ type: 'ClaimSession' });
      const person = { role: 'agent' as const, id: this.#id };
      return { person, handle, witness, wire: this.wire, leave, claimSeq: seq };
    } catch (error) {
      leave();
      throw error;
    } finally {
      this.#lookAgain();
    }
  }

  close(why: Error): void {
    this.#client.close();
    for (const witness of this.#witnesses) witness.giveUp(why);
  }

  #startWatch(): { stop(): void } {
    return this.#client.watch(
      { status: 'queued', limit: WATCHED_MAX },
      {
        onBegin: () => {
          this.#given = 0;
        },
        onSession: ({ session, status }) => {
          this.#given += 1;
          if (status !== 'queued' || this.#tried.has(session)) return;
          this.#tried.add(session);
          this.#offered(session);
        },
        onWatching: () => {
          this.#mayHaveMore = this.#given >= WATCHED_MAX;
        },
      },
    );
  }

  /** A queue longer than a watch gives at once is worked off from its newer end, and asked for again. */
  #lookAgain(): void {
    if (!this.#mayHaveMore) return;
    this.#mayHaveMore = false;
    this.#watch.stop();
    this.#watch = this.#startWatch();
  }
}
