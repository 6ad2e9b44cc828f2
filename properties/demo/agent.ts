/** An agent: one socket for all their sessions, and a live view of the queue. */
import { type ConnectOptions, connectKefu, type KefuClient } from '../../infra/client/index.ts';
import { QueueView } from './queue-view.ts';
import { Wire } from './recording-socket.ts';
import type { Side } from './side.ts';
import { Witness } from './witness.ts';

/** An agent who has claimed a session. */
export interface Seat extends Side {
  readonly claimSeq: number;
}

/** Sessions that a watch gives when it begins; where there are as many, there may be more. */
const WATCHED_MAX = 200;

export class Agent {
  readonly wire = new Wire();
  readonly queue = new QueueView();
  readonly #id: string;
  readonly #client: KefuClient;
  readonly #offered: (session: string) => void;
  readonly #tried = new Set<string>();
  readonly #witnesses = new Set<Witness>();
  #watch: { stop(): void };
  #given = 0;
  #mayHaveMore = false;

  /** `offered` is called once with each waiting session. */
  constructor(connecting: Omit<ConnectOptions, 'WebSocket'>, id: string, offered: (session: string) => void) {
    this.#id = id;
    this.#offered = offered;
    this.#client = connectKefu({ ...connecting, WebSocket: this.wire.Socket });
    this.#watch = this.#startWatch();
  }

  /** Rejects with KefuRefusal where another agent was quicker. */
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
          this.queue.begin();
        },
        onSession: (row) => {
          this.#given += 1;
          this.queue.tell(row);
          if (row.status !== 'queued' || this.#tried.has(row.session)) return;
          this.#tried.add(row.session);
          this.#offered(row.session);
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
