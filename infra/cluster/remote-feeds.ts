/** What sockets of this process follow of sessions that another process serves. */
import type { NatsConnection, Subscription } from 'nats';
import type { Source } from '../../actors/attach.ts';
import type { Follower } from '../../actors/session-actor.ts';
import { lastSeq, type Stored } from '../../events/commit.ts';
import type { SessionRef, Status } from '../../events/names.ts';
import { listen } from '../nats/listen.ts';
import { keyOf, type LiveItem, type MovedMessage, subjects, type UnfollowMessage } from './messages.ts';

interface Feed {
  readonly ref: SessionRef;
  /** Who serves the session. */
  readonly node: string;
  readonly followers: Set<Follower>;
  seq: number;
}

export class RemoteFeeds {
  readonly #connection: NatsConnection;
  readonly #me: string;
  readonly #feeds = new Map<string, Feed>();
  /** Joins whose owner has not answered yet, by session: until it has, nobody must tell it that nobody follows. */
  readonly #joining = new Map<string, number>();
  /** Commits of sessions that are being joined. */
  readonly #early = new Map<string, Stored[]>();
  readonly #subscriptions: readonly Subscription[];

  constructor(connection: NatsConnection, me: string) {
    this.#connection = connection;
    this.#me = me;
    const { live, moved } = subjects(me);
    this.#subscriptions = [
      listen(connection, live, (message) => {
        for (const stored of message.json<readonly LiveItem[]>()) this.#take(stored);
      }),
      listen(connection, moved, (message) => this.#moved(keyOf(message.json<MovedMessage>()))),
    ];
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.moveAll();
  }

  /** To be called before the owner is asked; the answer is to be called after {@link source}, or instead of it. */
  joining(ref: SessionRef, node: string): () => void {
    const key = keyOf(ref);
    this.#joining.set(key, (this.#joining.get(key) ?? 0) + 1);
    return () => {
      const rest = (this.#joining.get(key) ?? 1) - 1;
      if (rest > 0) this.#joining.set(key, rest);
      else {
        this.#joining.delete(key);
        this.#early.delete(key);
        const feed = this.#feeds.get(key);
        if (feed === undefined) this.#tellUnfollow(ref, node);
        else if (feed.followers.size === 0) this.#end(key, feed);
      }
    };
  }

  /** A source for one joiner, from the owner's word on where the session stands. To be followed in the same turn. */
  source(ref: SessionRef, node: string, seq: number, status: Status): Source {
    const key = keyOf(ref);
    const known = this.#feeds.get(key);
    // The owner's word and its commits come in order on one connection; a feed that is behind has lost something.
    if (known !== undefined && (known.node !== node || known.seq < seq)) this.#moved(key);
    const feed = this.#feeds.get(key) ?? { ref, node, followers: new Set<Follower>(), seq };
    this.#feeds.set(key, feed);
    return {
      ref,
      seq: feed.seq,
      status,
      recent: () => [],
      follow: (follower) => {
        feed.followers.add(follower);
        const early = this.#early.get(key) ?? [];
        this.#early.delete(key);
        for (const stored of early) this.#take(stored);
      },
      unfollow: (follower) => this.#leave(key, feed, follower),
    };
  }

  /** Everything that came lately may have been lost. */
  moveAll(): void {
    for (const key of this.#feeds.keys()) this.#moved(key);
  }

  /** Sends on the followers of sessions that are not served any more by whoever served them. */
  moveWhere(isServedBy: (ref: SessionRef, node: string) => boolean): void {
    for (const [key, { ref, node }] of this.#feeds) if (!isServedBy(ref, node)) this.#moved(key);
  }

  #take(stored: Stored): void {
    const key = keyOf({ tenant: stored.tenant, session: stored.commit.session });
    const feed = this.#feeds.get(key);
    if (feed === undefined) {
      if (this.#joining.has(key)) this.#keepEarly(key, stored);
      return;
    }
    if (lastSeq(stored.commit) <= feed.seq) return;
    if (stored.commit.seq !== feed.seq + 1) {
      this.#moved(key);
      return;
    }
    feed.seq = lastSeq(stored.commit);
    for (const follower of feed.followers) follower.stored(stored);
  }

  /** The owner's word is here but not yet read, and its first commits come right behind it. */
  #keepEarly(key: string, stored: Stored): void {
    const early = this.#early.get(key) ?? [];
    this.#early.set(key, early);
    early.push(stored);
  }

  #moved(key: string): void {
    const feed = this.#feeds.get(key);
    if (feed === undefined) return;
    this.#feeds.delete(key);
    for (const follower of feed.followers) follower.moved?.();
  }

  #leave(key: string, feed: Feed, follower: Follower): void {
    feed.followers.delete(follower);
    if (feed.followers.size === 0 && this.#feeds.get(key) === feed && !this.#joining.has(key)) this.#end(key, feed);
  }

  #end(key: string, feed: Feed): void {
    this.#feeds.delete(key);
    this.#tellUnfollow(feed.ref, feed.node);
  }

  #tellUnfollow(ref: SessionRef, node: string): void {
    if (this.#connection.isClosed()) return;
    const message: UnfollowMessage = { ...ref, node: this.#me };
    this.#connection.publish(subjects(node).unfollow, JSON.stringify(message));
  }
}
