/** Joining a session: everything behind a seq, then live, in order and without a gap. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { Stored } from '../events/commit.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Person } from '../events/facts.ts';
import type { SessionRef, Status } from '../events/names.ts';
import type { Refusal } from '../events/refusals.ts';
import { isOpenTo } from './decide.ts';
import { readFrom } from './seq-index.ts';
import type { Follower, SessionActor } from './session-actor.ts';
import { statusOf } from './session-state.ts';
import type { Supervisor } from './supervisor.ts';

/** Where a joiner's commits go. */
export interface Sink {
  /** Takes the facts of these commits that come after `afterSeq`. */
  take(commits: readonly Stored[], afterSeq: number): void;
  /** Resolves when the reader has taken enough of what it was given. */
  writable(): Promise<void>;
  /** Nothing more will come: the reader fell too far behind, the past cannot be read, or the session is served elsewhere now. */
  lost(why: 'slow' | 'unavailable' | 'moved'): void;
}

/** Where commits come from: the session's actor, or what stands here for an actor elsewhere. */
export interface Source {
  readonly ref: SessionRef;
  /** The newest seq at the moment of joining. */
  readonly seq: number;
  readonly status: Status;
  /** The newest commits without a gap, oldest first; none where they are not at hand. */
  recent(): readonly Stored[];
  /** A position that `seq` stands not far behind, where that can be known. */
  startOf?(seq: number): number | Promise<number>;
  follow(follower: Follower): void;
  unfollow(follower: Follower): void;
}

export interface Attachment {
  /** The session's newest seq at the moment of joining. */
  readonly seq: number;
  readonly status: Status;
  /** The first seq that will be given. */
  readonly from: number;
  /** Whether that is everything the joiner asked for. */
  readonly recovered: boolean;
  /** The newest seq that the sink was given, or was known to have. */
  readonly sentSeq: number;
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
  const actor = await actorFor(supervisor, ref, by, after);
  return isLeft(actor) ? actor : right(join(new ActorSource(actor.right), log, after, sink));
};

/** The session's actor, awake, if there is such a session and this person, who has seen up to `after`, may follow it. */
export const actorFor = async (
  supervisor: Supervisor,
  ref: SessionRef,
  by: Person,
  after = 0,
): Promise<Either<Refusal, SessionActor>> => {
  let isFresh = false;
  for (;;) {
    const state = await supervisor.state(ref);
    if (isLeft(state)) return state;
    if (statusOf(state.right) === 'unopened') return left({ _tag: 'UnknownSession' });
    if (!isOpenTo(state.right, by)) return left({ _tag: 'NotYourSession' });
    // It may have been forgotten between its answer and this line; then the next round wakes it again.
    const actor = supervisor.live(ref);
    if (actor === undefined) continue;
    if (after <= actor.state.seq || isFresh) return right(actor);
    // Who has seen more than there seems to be was elsewhere when somebody wrote: the log knows.
    const refreshed = await actor.refreshed();
    if (isLeft(refreshed)) return refreshed;
    isFresh = true;
  }
};

class ActorSource implements Source {
  readonly seq: number;
  readonly status: Status;
  readonly #actor: SessionActor;

  constructor(actor: SessionActor) {
    this.#actor = actor;
    this.seq = actor.state.seq;
    this.status = statusOf(actor.state) as Status;
  }

  get ref(): SessionRef {
    return this.#actor.ref;
  }

  recent(): readonly Stored[] {
    return this.#actor.recent;
  }

  startOf(seq: number): number {
    return this.#actor.startOf(seq);
  }

  follow(follower: Follower): void {
    this.#actor.follow(follower);
  }

  unfollow(follower: Follower): void {
    this.#actor.unfollow(follower);
  }
}

/** Follows a source from now on, and makes up for what the joiner has not seen. */
export const join = (source: Source, log: EventLog, after: number, sink: Sink): Attachment =>
  new Joining(source, log, after, sink);

class Joining implements Attachment, Follower {
  readonly seq: number;
  readonly status: Status;
  readonly from: number;
  readonly recovered: boolean;
  readonly #source: Source;
  readonly #log: EventLog;
  readonly #sink: Sink;
  /** Live commits while the past is being replayed; `undefined` once the joiner is live. */
  #held: Stored[] | undefined = [];
  #sentSeq: number;
  #stopped = false;
  #started = false;
  #lost: Parameters<Sink['lost']>[0] | undefined;

  constructor(source: Source, log: EventLog, after: number, sink: Sink) {
    this.#source = source;
    this.#log = log;
    this.#sink = sink;
    this.seq = source.seq;
    this.status = source.status;
    const wanted = after > this.seq ? 0 : after;
    this.from = Math.max(wanted, this.seq - REPLAY_FACTS_MAX) + 1;
    this.recovered = this.from === after + 1;
    this.#sentSeq = this.from - 1;
    source.follow(this);
  }

  get sentSeq(): number {
    return this.#sentSeq;
  }

  start(): void {
    this.#started = true;
    if (this.#lost === undefined) void this.#replay();
    else this.#sink.lost(this.#lost);
  }

  moved(): void {
    this.#lose('moved');
  }

  stop(): void {
    this.#stopped = true;
    this.#source.unfollow(this);
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
    const recent = this.#source.recent();
    const oldest = recent[0];
    if (oldest !== undefined && oldest.commit.seq <= this.from) return [[...recent]];
    return readFrom(this.#log, this.#source.ref, this.from, this.#source.startOf?.(this.from) ?? 0);
  }

  #give(commits: readonly Stored[]): void {
    const isNews = ({ commit }: Stored): boolean => commit.seq + commit.events.length - 1 > this.#sentSeq;
    // What is live comes one by one, and is news.
    const news = commits.every(isNews) ? commits : commits.filter(isNews);
    const last = news.at(-1)?.commit;
    if (last === undefined) return;
    const afterSeq = this.#sentSeq;
    this.#sentSeq = last.seq + last.events.length - 1;
    this.#sink.take(news, afterSeq);
  }

  #lose(why: 'slow' | 'unavailable' | 'moved'): void {
    if (this.#stopped) return;
    this.stop();
    this.#lost = why;
    // Who has not begun yet would not know what was lost.
    if (this.#started) this.#sink.lost(why);
  }
}
