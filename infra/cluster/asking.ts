/** Commands on their way to other processes, and the answers that come back. */
import type { NatsConnection, Subscription } from 'nats';
import type { Ask } from '../../actors/decide.ts';
import type { SessionRef } from '../../events/names.ts';
import type { Beat } from '../beat.ts';
import type { Clock } from '../clock.ts';
import type { Connectivity } from '../nats/connectivity.ts';
import { listen } from '../nats/listen.ts';
import { Waiting } from '../waiting.ts';
import { type AnswerItem, type AskItem, type AskReply, subjects } from './messages.ts';
import { Outgoing } from './outgoing.ts';
import type { NatsOwnership } from './ownership.ts';

export interface AskingParts {
  readonly connection: NatsConnection;
  readonly connectivity: Connectivity;
  readonly ownership: NatsOwnership;
  readonly clock: Clock;
  readonly beat: Beat;
}

interface Pending {
  readonly shard: number;
  readonly node: string;
  /** Monotonic milliseconds. */
  readonly expires: number;
  readonly answer: (reply: AskReply | undefined) => void;
}

const EXPIRY_EVERY_MS = 250;

export class Asking {
  readonly #parts: AskingParts;
  readonly #subscription: Subscription;
  readonly #pending = new Waiting<Pending>();
  readonly #outgoing = new Map<string, Outgoing>();
  readonly #stops: readonly (() => void)[];
  readonly #timer: NodeJS.Timeout;

  constructor(parts: AskingParts) {
    this.#parts = parts;
    const { connection, connectivity, ownership } = parts;
    this.#subscription = listen(connection, subjects(ownership.id).answers, (message) => {
      // The server itself says so when nobody listens: the process is gone, and the table will tell who serves instead.
      if (message.data.length === 0) return;
      for (const [token, reply] of message.json<readonly AnswerItem[]>()) this.#answer(token, reply);
    });
    this.#stops = [
      ownership.onTable(() => this.#giveUp(({ shard, node }) => ownership.holderOf(shard) !== node)),
      // Whatever was on its way when the connection broke is lost.
      connectivity.listen({ lost: () => undefined, regained: () => this.#giveUp(() => true) }),
    ];
    this.#timer = setInterval(() => this.#expire(), EXPIRY_EVERY_MS);
    this.#timer.unref();
  }

  /** The reply; `undefined` when none came in time, or when somebody else serves the session meanwhile. */
  ask(ref: SessionRef, shard: number, ask: Ask, node: string, withinMs: number): Promise<AskReply | undefined> {
    return new Promise((answer) => {
      const expires = this.#parts.clock.monotonicMs() + withinMs;
      const item: AskItem = [this.#pending.add({ shard, node, expires, answer }), ref, ask];
      this.#to(node).add(JSON.stringify(item));
    });
  }

  close(): void {
    clearInterval(this.#timer);
    for (const stop of this.#stops) stop();
    this.#subscription.unsubscribe();
    this.#giveUp(() => true);
  }

  #to(node: string): Outgoing {
    const known = this.#outgoing.get(node);
    if (known !== undefined) return known;
    const { connection, beat, ownership } = this.#parts;
    const outgoing = new Outgoing(connection, beat, subjects(node).asks, subjects(ownership.id).answers);
    this.#outgoing.set(node, outgoing);
    return outgoing;
  }

  #answer(token: number, reply: AskReply | undefined): void {
    const pending = this.#pending.get(token);
    this.#pending.forget(token);
    pending?.answer(reply);
  }

  #giveUp(isInVain: (pending: Pending) => boolean): void {
    for (const { token, waiting } of this.#pending.all) if (isInVain(waiting)) this.#answer(token, undefined);
  }

  #expire(): void {
    const now = this.#parts.clock.monotonicMs();
    this.#giveUp(({ expires }) => expires <= now);
    for (const node of this.#outgoing.keys()) if (!this.#parts.ownership.isMember(node)) this.#outgoing.delete(node);
  }
}
