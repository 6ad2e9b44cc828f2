/** {@link Sessions} over many processes: what is served here is done here, the rest is sent to whoever serves it. */
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { NatsConnection } from 'nats';
import { type Attachment, attach, join, type Sink } from '../../actors/attach.ts';
import type { Ask } from '../../actors/decide.ts';
import type { Answer } from '../../actors/session-actor.ts';
import type { Newest, Sessions } from '../../actors/sessions.ts';
import type { Supervisor } from '../../actors/supervisor.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { Person } from '../../events/facts.ts';
import type { SessionRef } from '../../events/names.ts';
import type { Refusal } from '../../events/refusals.ts';
import { shardOf } from '../../events/shard.ts';
import type { Clock } from '../clock.ts';
import type { Connectivity } from '../nats/connectivity.ts';
import type { Asking } from './asking.ts';
import { Lane, type Sent } from './lane.ts';
import { type FollowMessage, type FollowReply, keyOf, subjects } from './messages.ts';
import type { OwnedSessions } from './owned-sessions.ts';
import type { NatsOwnership } from './ownership.ts';
import type { RemoteFeeds } from './remote-feeds.ts';

export interface ClusterParts {
  readonly connection: NatsConnection;
  readonly connectivity: Connectivity;
  readonly ownership: NatsOwnership;
  readonly owned: OwnedSessions;
  readonly feeds: RemoteFeeds;
  readonly asking: Asking;
  readonly supervisor: Supervisor;
  readonly log: EventLog;
  readonly clock: Clock;
}

/** How long a command looks for somebody who serves its session: a lease and what follows it, twice over. */
const ROUTE_WITHIN_MS = 15_000;
/** A request without a reply for so long is made again: either may have been lost, and the client id makes it harmless. */
const ASK_AGAIN_MS = 3_000;
/** A table that does not change is looked at again after so long all the same. */
const LOOK_AGAIN_MS = 250;
/** Commands of one session on their way elsewhere. */
const LANE_MAX = 1_000;

const nobody: Refusal = {
  _tag: 'Unavailable',
  why: 'nobody serves this session right now; try again with the same id',
};

export class ClusterSessions implements Sessions {
  readonly #parts: ClusterParts;
  readonly #lanes = new Map<string, Lane>();

  constructor(parts: ClusterParts) {
    this.#parts = parts;
  }

  submit(ref: SessionRef, ask: Ask, answer: (answer: Answer) => void): void {
    const { owned } = this.#parts;
    // Who has commands on their way elsewhere must not overtake them.
    if ((this.#lanes.size === 0 || !this.#lanes.has(keyOf(ref))) && owned.owns(ref))
      owned.submit(ref, ask, (given) => {
        if (given === 'not-owner') this.#route(ref, ask, answer);
        else answer(given);
      });
    else this.#route(ref, ask, answer);
  }

  async attach(ref: SessionRef, by: Person, after: number, sink: Sink): Promise<Either<Refusal, Attachment>> {
    const { clock, owned, supervisor, log, ownership } = this.#parts;
    const deadline = clock.monotonicMs() + ROUTE_WITHIN_MS;
    while (clock.monotonicMs() < deadline) {
      if (owned.owns(ref)) {
        const attached = await attach(supervisor, log, ref, by, after, sink);
        if (owned.owns(ref)) return attached;
        if (attached._tag === 'Right') attached.right.stop();
        continue;
      }
      const node = this.holderOf(ref);
      if (node !== '' && node !== ownership.id) {
        const attached = await this.#follow(ref, by, after, sink, node);
        if (attached !== undefined) return attached;
      }
      await this.#change();
    }
    return left(nobody);
  }

  newest(ref: SessionRef): Newest | undefined {
    return this.#parts.owned.owns(ref) ? this.#parts.supervisor.live(ref) : undefined;
  }

  /** Who serves a session as far as is known, `''` when nobody does. */
  holderOf(ref: SessionRef): string {
    return this.#parts.ownership.holderOf(this.#shard(ref));
  }

  #route(ref: SessionRef, ask: Ask, answer: (answer: Answer) => void): void {
    const deadline = this.#parts.clock.monotonicMs() + ROUTE_WITHIN_MS;
    const key = keyOf(ref);
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = new Lane({
        send: (each, until) => this.#send(ref, each, until),
        change: () => this.#change(),
        monotonicMs: this.#parts.clock.monotonicMs,
        done: () => this.#lanes.delete(key),
      });
      this.#lanes.set(key, lane);
    }
    if (lane.length >= LANE_MAX)
      answer(left({ _tag: 'Unavailable', why: 'the session has too many commands waiting' }));
    else lane.add({ ask, answer, deadline });
  }

  async #send(ref: SessionRef, ask: Ask, deadline: number): Promise<Sent> {
    const { owned, ownership, asking, clock } = this.#parts;
    if (owned.owns(ref))
      return new Promise((resolve) => {
        owned.submit(ref, ask, (given) => resolve(given === 'not-owner' ? 'not-taken' : given));
      });
    const node = this.holderOf(ref);
    if (node === '' || node === ownership.id) return 'not-taken';
    const withinMs = Math.max(1, Math.min(ASK_AGAIN_MS, deadline - clock.monotonicMs()));
    const reply = await asking.ask(ref, this.#shard(ref), ask, node, withinMs);
    return reply === undefined || reply._tag === 'NotOwner' ? 'not-taken' : reply.answer;
  }

  async #follow(
    ref: SessionRef,
    by: Person,
    after: number,
    sink: Sink,
    node: string,
  ): Promise<Either<Refusal, Attachment> | undefined> {
    const { feeds, ownership, supervisor, log } = this.#parts;
    const joined = feeds.joining(ref, node);
    try {
      const message: FollowMessage = { ...ref, by, after, node: ownership.id };
      const reply = await this.#request<FollowReply>(ref, node, subjects(node).follow, message, ASK_AGAIN_MS);
      if (reply === undefined || reply._tag === 'NotOwner') return undefined;
      if (reply._tag === 'Refused') return left(reply.refusal);
      const source = feeds.source(ref, node, reply.seq, reply.status);
      return right(join({ ...source, startOf: (seq) => supervisor.startOf(ref, seq) }, log, after, sink));
    } finally {
      joined();
    }
  }

  /** The reply; `undefined` when there is none and there will be none, or when somebody else serves the session meanwhile. */
  async #request<R>(
    ref: SessionRef,
    node: string,
    subject: string,
    message: unknown,
    timeoutMs: number,
  ): Promise<R | undefined> {
    const { connection, connectivity, ownership } = this.#parts;
    const shard = this.#shard(ref);
    const request = connection.request(subject, JSON.stringify(message), { timeout: timeoutMs }).then(
      (reply) => reply.json<R>(),
      () => undefined,
    );
    const stops: (() => void)[] = [];
    const inVain = new Promise<undefined>((resolve) => {
      const giveUp = (): void => resolve(undefined);
      stops.push(
        ownership.onTable(() => ownership.holderOf(shard) !== node && giveUp()),
        // Whatever was on its way when the connection broke is lost.
        connectivity.listen({ lost: () => undefined, regained: giveUp }),
      );
    });
    try {
      return await Promise.race([request, inVain]);
    } finally {
      for (const stop of stops) stop();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(done, LOOK_AGAIN_MS);
      const stop = this.#parts.ownership.onTable(done);
    });
  }

  #shard(ref: SessionRef): number {
    return shardOf(ref.session, this.#parts.log.shards);
  }
}
