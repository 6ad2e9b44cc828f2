/** Joining a session: everything behind a seq, then live, in order and without a gap. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { Stored } from '../events/commit.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Person } from '../events/facts.ts';
import type { SessionRef, Status } from '../events/names.ts';
import type { Refusal } from '../events/refusals.ts';
import { isOpenTo } from './decide.ts';
import type { Follower, SessionActor } from './session-actor.ts';
import { statusOf } from './session-state.ts';
import type { Supervisor } from './supervisor.ts';

/** Where a joiner's commits go. */
export interface Sink {
  /** Takes the facts of these commits that come after `afterSeq`. */
  take(commits: readonly Stored[], afterSeq: number): void;
  /** Resolves when the reader has taken enough of what it was given. */
  writable(): Promise<void>;
  /** The reader fell too far behind, or the past could not be read: nothing more will come. */
  lost(why: 'slow' | 'unavailable'): void;
}

export interface Attachment {
  /** The session's newest seq at the moment of joining. */
  readonly seq: number;
  readonly status: Status;
  /** The first seq that will be given. */
  readonly from: number;
  /** Whether that is everything the joiner asked for. */
  readonly recovered: boolean;
  /** Begins to hand commits to the sink. */
  start(): void;
  stop(): void;
}

/** Facts replayed to one joiner; who is further behind gets the newest, and `recovered: false`. */
export const REPLAY_FACTS_MAX = 20_000;
/** Live commits held back while the past is being replayed. */
const HELD_COMMITS_MAX = 4_096;

export const attach = async (
  supervisor: Supervisor,
  log: EventLog,
  ref: SessionRef,
  by: Person,
  after: number,
  sink: Sink,
): Promise<Either<Refusal, Attachment>> => {
  for (;;) {
    const state = await supervisor.state(ref);
    if (isLeft(state)) return state;
    const status = statusOf(state.right);
    if (status === 'unopened') return left({ _tag: 'UnknownSession' });
    if (!isOpenTo(state.right, by)) return left({ _tag: 'NotYourSession' });
    // It may have been forgotten between its answer and this line; then the next round wakes it again.
    const actor = supervisor.live(ref);
    if (actor === undefined) continue;
    return right(new Joining(actor, log, after, sink));
  }
};

class Joining implements Attachment, Follower {
  readonly seq: number;
  readonly status: Status;
  readonly from: number;
  readonly recovered: boolean;
  readonly #actor: SessionActor;
  readonly #log: EventLog;
  readonly #sink: Sink;
  /** Live commits while the past is being replayed; `undefined` once the joiner is live. */
  #held: Stored[] | undefined = [];
  #sentSeq: number;
  #stopped = false;

  constructor(actor: SessionActor, log: EventLog, after: number, sink: Sink) {
    this.#actor = actor;
    this.#log = log;
    this.#sink = sink;
    this.seq = actor.state.seq;
    this.status = statusOf(actor.state) as Status;
    const wanted = after > this.seq ? 0 : after;
    this.from = Math.max(wanted, this.seq - REPLAY_FACTS_MAX) + 1;
    this.recovered = this.from === after + 1;
    this.#sentSeq = this.from - 1;
    actor.follow(this);
  }

  start(): void {
    void this.#replay();
  }

  stop(): void {
    this.#stopped = true;
    this.#actor.unfollow(this);
  }

  stored(stored: Stored): void {
    if (this.#held === undefined) {
      this.#give([stored]);
    } else if (this.#held.length < HELD_COMMITS_MAX) {
      this.#held.push(stored);
    } else {
      this.#lose('slow');
    }
  }

  async #replay(): Promise<void> {
    try {
      for await (const batch of this.#past()) {
        if (this.#stopped) return;
        this.#give(batch.filter(({ commit }) => commit.seq <= this.seq));
        await this.#sink.writable();
      }
    } catch {
      this.#lose('unavailable');
      return;
    }
    if (this.#stopped) return;
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#give(held);
  }

  #past(): AsyncIterable<readonly Stored[]> | Iterable<readonly Stored[]> {
    if (this.from > this.seq) return [];
    const recent = this.#actor.recent;
    const oldest = recent[0];
    return oldest !== undefined && oldest.commit.seq <= this.from ? [[...recent]] : this.#log.read(this.#actor.ref);
  }

  #give(commits: readonly Stored[]): void {
    const news = commits.filter(({ commit }) => commit.seq + commit.events.length - 1 > this.#sentSeq);
    const last = news.at(-1)?.commit;
    if (last === undefined) return;
    const afterSeq = this.#sentSeq;
    this.#sentSeq = last.seq + last.events.length - 1;
    this.#sink.take(news, afterSeq);
  }

  #lose(why: 'slow' | 'unavailable'): void {
    this.stop();
    this.#sink.lost(why);
  }
}
