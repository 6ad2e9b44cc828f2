/** Serves this process's sessions to the other processes: takes their commands, and sends them what their sockets follow. */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Msg, NatsConnection, Subscription } from 'nats';
import { actorFor } from '../../actors/attach.ts';
import type { Follower, SessionActor } from '../../actors/session-actor.ts';
import { type SessionState, statusOf } from '../../actors/session-state.ts';
import type { Supervisor } from '../../actors/supervisor.ts';
import type { Stored } from '../../events/commit.ts';
import type { Status } from '../../events/names.ts';
import type { Beat } from '../beat.ts';
import { listen } from '../nats/listen.ts';
import {
  type AnswerItem,
  type AskItem,
  type AskReply,
  type FollowMessage,
  type FollowReply,
  keyOf,
  type LiveItem,
  type MovedMessage,
  subjects,
  type UnfollowMessage,
} from './messages.ts';
import { Outgoing } from './outgoing.ts';
import type { OwnedSessions } from './owned-sessions.ts';

export interface SessionHostParts {
  readonly connection: NatsConnection;
  readonly beat: Beat;
  readonly node: string;
  readonly owned: OwnedSessions;
  readonly supervisor: Supervisor;
  readonly isMember: (node: string) => boolean;
  readonly report: (trouble: string, detail: Readonly<Record<string, unknown>>) => void;
}

interface Following {
  readonly actor: SessionActor;
  readonly follower: Follower;
  readonly node: string;
}

const PRUNE_EVERY_MS = 5_000;

export class SessionHost {
  readonly #parts: SessionHostParts;
  readonly #subscriptions: readonly Subscription[];
  /** By node and session. */
  readonly #following = new Map<string, Following>();
  /** Joiners whose session is being woken. Who gives up meanwhile must not be served for ever. */
  readonly #waking = new Set<{ readonly key: string; isWanted: boolean }>();
  /** What gathers for other processes, by subject. */
  readonly #outgoing = new Map<string, Outgoing>();
  readonly #timer: NodeJS.Timeout;

  constructor(parts: SessionHostParts) {
    this.#parts = parts;
    const { connection, node } = parts;
    const mine = subjects(node);
    this.#subscriptions = [
      listen(connection, mine.asks, (message) => this.#ask(message)),
      listen(connection, mine.follow, (message) => {
        this.#follow(message).catch((error: unknown) => parts.report('a session could not be followed', { error }));
      }),
      listen(connection, mine.unfollow, (message) => this.#unfollow(message.json<UnfollowMessage>())),
    ];
    this.#timer = setInterval(() => this.#prune(), PRUNE_EVERY_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.moveAll();
  }

  /** What was sent lately may be lost: everyone who follows joins anew. */
  moveAll(): void {
    for (const { actor, follower } of this.#following.values()) {
      actor.unfollow(follower);
      follower.moved?.();
    }
  }

  #ask(message: Msg): void {
    const answers = this.#to(message.reply ?? '');
    for (const [token, ref, ask] of message.json<readonly AskItem[]>())
      this.#parts.owned.submit(ref, ask, (answer) => {
        const reply: AskReply = answer === 'not-owner' ? { _tag: 'NotOwner' } : { _tag: 'Answered', answer };
        answers.add(JSON.stringify([token, reply] satisfies AnswerItem));
      });
  }

  async #follow(message: Msg): Promise<void> {
    const { by, after, node, ...ref } = message.json<FollowMessage>();
    const { owned, supervisor } = this.#parts;
    if (!owned.owns(ref)) {
      reply<FollowReply>(message, { _tag: 'NotOwner' });
      return;
    }
    const waking = { key: `${node} ${keyOf(ref)}`, isWanted: true };
    this.#waking.add(waking);
    const found = await actorFor(supervisor, ref, by, after).finally(() => this.#waking.delete(waking));
    // No pause from here to the reply: what is stored later is sent later, on the same connection.
    if (!owned.owns(ref) || !waking.isWanted) reply<FollowReply>(message, { _tag: 'NotOwner' });
    else if (isLeft(found)) reply<FollowReply>(message, { _tag: 'Refused', refusal: found.left });
    else {
      this.#add(node, found.right);
      const state: SessionState = found.right.state;
      reply<FollowReply>(message, { _tag: 'Following', seq: state.seq, status: statusOf(state) as Status });
    }
  }

  #add(node: string, actor: SessionActor): void {
    const { connection } = this.#parts;
    const key = `${node} ${keyOf(actor.ref)}`;
    const known = this.#following.get(key);
    if (known?.actor === actor) return;
    if (known !== undefined) known.actor.unfollow(known.follower);
    const { live, moved } = subjects(node);
    const feed = this.#to(live);
    const follower: Follower = {
      stored: (stored: LiveItem) => feed.add(encodedOnce(stored)),
      moved: () => {
        this.#following.delete(key);
        feed.flush();
        if (!connection.isClosed()) connection.publish(moved, JSON.stringify(actor.ref satisfies MovedMessage));
      },
    };
    this.#following.set(key, { actor, follower, node });
    actor.follow(follower);
  }

  #to(subject: string): Outgoing {
    const known = this.#outgoing.get(subject);
    if (known !== undefined) return known;
    const outgoing = new Outgoing(this.#parts.connection, this.#parts.beat, subject);
    this.#outgoing.set(subject, outgoing);
    return outgoing;
  }

  #unfollow({ node, ...ref }: UnfollowMessage): void {
    const key = `${node} ${keyOf(ref)}`;
    for (const waking of this.#waking) if (waking.key === key) waking.isWanted = false;
    this.#drop(key);
  }

  #drop(key: string): void {
    const following = this.#following.get(key);
    if (following === undefined) return;
    this.#following.delete(key);
    following.actor.unfollow(following.follower);
  }

  /**
   * A process that died cannot say that it follows no more. One that was only taken for dead, because it was paused, finds
   * this among its messages when it goes on, and joins anew: else it would wait for ever for what nobody sends it.
   */
  #prune(): void {
    for (const { actor, follower, node } of this.#following.values())
      if (!this.#parts.isMember(node)) {
        actor.unfollow(follower);
        follower.moved?.();
      }
    // Whoever is there still gets another one.
    this.#outgoing.clear();
  }
}

/** The newest commit's text: every process that follows is told in one turn. */
let newest: { readonly stored: Stored; readonly text: string } | undefined;

const encodedOnce = (stored: Stored): string => {
  if (newest?.stored !== stored) newest = { stored, text: JSON.stringify(stored) };
  return newest.text;
};

const reply = <R>(message: Msg, answer: R): void => void message.respond(JSON.stringify(answer));
