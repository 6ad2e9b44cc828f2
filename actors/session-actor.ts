/**
 * One session's single writer. It decides commands in the order they come, stores their facts as one commit, and answers
 * only when the log has said "stored". While an append is under way the mailbox gathers, and the next commit takes all.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { COMMIT_VERSION, type Commit, type Stored } from '../events/commit.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Fact } from '../events/facts.ts';
import { COMMIT_BYTES_MAX, COMMIT_FACTS_MAX } from '../events/limits.ts';
import type { SessionRef } from '../events/names.ts';
import type { Refusal } from '../events/refusals.ts';
import { type Ask, type Done, decide, type Given } from './decide.ts';
import { keyOf, type Receipt, Receipts, receiptOf } from './receipts.ts';
import { evolve, evolveCommit, type SessionState, unopened } from './session-state.ts';
import type { World } from './world.ts';

export type Answer = Either<Refusal, Done>;

/** Sees every commit of the session in order, from the moment it is added. Must not throw. */
export interface Follower {
  stored(stored: Stored): void;
}

/** What the actor tells its supervisor. */
export interface SessionEvents {
  /** Called once for every commit, when it is known to be stored. */
  stored(ref: SessionRef, stored: Stored, state: SessionState): void;
  /** Called when the session's past has been read and it can be asked. */
  activated(ref: SessionRef, state: SessionState): void;
}

interface Waiting {
  readonly ask: Ask;
  readonly answer: (answer: Answer) => void;
}

interface Draft {
  readonly commit: Commit;
  /** Everyone whose answer rests on this commit, with the answer if it is stored. */
  readonly waiting: readonly { readonly who: Waiting; readonly answer: Answer }[];
  readonly after: SessionState;
}

/** Commands that may wait in one session's mailbox. */
export const MAILBOX_MAX = 1_000;
/** Newest commits kept in memory, for whoever joins or reads right behind the head. */
const RECENT_COMMITS_MAX = 32;
/** Conflicts in a row before the session's callers are told `unavailable`. */
const CONFLICTS_MAX = 8;

type Phase = 'cold' | 'loading' | 'idle' | 'appending';

export class SessionActor {
  readonly ref: SessionRef;
  readonly #log: EventLog;
  readonly #world: World;
  readonly #events: SessionEvents;
  #phase: Phase = 'cold';
  /** Whether the state is known to be the log's: it was read, or a first append proved that there was nothing to read. */
  #known = false;
  #state: SessionState = unopened;
  readonly #receipts = new Receipts();
  #position = 0;
  #conflicts = 0;
  #mailbox: Waiting[] = [];
  #wantReady: ((ready: Either<Refusal, SessionState>) => void)[] = [];
  readonly #recent: Stored[] = [];
  readonly #followers = new Set<Follower>();
  /** Monotonic milliseconds of the last use. */
  usedAt: number;

  constructor(ref: SessionRef, log: EventLog, world: World, events: SessionEvents) {
    this.ref = ref;
    this.#log = log;
    this.#world = world;
    this.#events = events;
    this.usedAt = world.monotonicMs();
  }

  /** The state as stored; only of meaning once {@link ready} has answered. */
  get state(): SessionState {
    return this.#state;
  }

  /** Position of the newest commit, 0 before the first. */
  get position(): number {
    return this.#position;
  }

  /** The newest commits, oldest first, without a gap up to the head. */
  get recent(): readonly Stored[] {
    return this.#recent;
  }

  /** Whether nothing is under way and nobody follows, so that the actor may be forgotten. */
  get restful(): boolean {
    return (
      (this.#phase === 'idle' || this.#phase === 'cold') && this.#mailbox.length === 0 && this.#followers.size === 0
    );
  }

  /** Whether an append is under way or a command waits. */
  get busy(): boolean {
    return this.#phase === 'appending' || this.#phase === 'loading' || this.#mailbox.length > 0;
  }

  /** Calls back exactly once. Decisions come in the order of the calls. */
  submit(ask: Ask, answer: (answer: Answer) => void): void {
    this.usedAt = this.#world.monotonicMs();
    if (this.#mailbox.length >= MAILBOX_MAX) {
      answer(left({ _tag: 'Unavailable', why: 'the session has too many commands waiting; try again shortly' }));
      return;
    }
    this.#mailbox.push({ ask, answer });
    if (this.#phase === 'idle') this.#drain();
    else if (this.#phase === 'cold') this.#wake();
  }

  /** The state once the session's past has been read, or why it cannot be read now. */
  ready(): Promise<Either<Refusal, SessionState>> {
    this.usedAt = this.#world.monotonicMs();
    if (this.#known && this.#phase !== 'cold') return Promise.resolve(right(this.#state));
    return new Promise((resolve) => {
      this.#wantReady.push(resolve);
      if (this.#phase === 'cold') void this.#load();
    });
  }

  follow(follower: Follower): void {
    this.#followers.add(follower);
  }

  unfollow(follower: Follower): void {
    this.#followers.delete(follower);
    this.usedAt = this.#world.monotonicMs();
  }

  /**
   * A session that is being opened is almost always new, so it is tried without reading first: the expected position 0
   * is the proof, and a conflict leads to the reading that was saved.
   */
  #wake(): void {
    const [first] = this.#mailbox;
    if (first === undefined) return;
    if (first.ask.command.type === 'OpenSession' && !this.#known) {
      this.#phase = 'idle';
      this.#drain();
    } else {
      void this.#load();
    }
  }

  async #load(): Promise<void> {
    this.#phase = 'loading';
    try {
      for await (const batch of this.#log.read(this.ref, this.#position))
        for (const stored of batch) this.#accept(stored);
    } catch (error) {
      this.#world.report('a session could not be read', { ...this.ref, error });
      this.#giveUp('the session cannot be read from the log right now; try again shortly');
      return;
    }
    this.#phase = 'idle';
    this.#known = true;
    this.#events.activated(this.ref, this.#state);
    this.#tellReady();
    this.#drain();
  }

  #tellReady(): void {
    const waiting = this.#wantReady;
    this.#wantReady = [];
    for (const resolve of waiting) resolve(right(this.#state));
  }

  /** Everyone who waits is told that nothing can be known now; the next call tries again. */
  #giveUp(why: string): void {
    this.#phase = 'cold';
    const refusal: Refusal = { _tag: 'Unavailable', why };
    const ready = this.#wantReady;
    const mailbox = this.#mailbox;
    this.#wantReady = [];
    this.#mailbox = [];
    for (const resolve of ready) resolve(left(refusal));
    for (const { answer } of mailbox) answer(left(refusal));
  }

  #drain(): void {
    if (this.#phase !== 'idle' || this.#mailbox.length === 0) return;
    const draft = this.#draft();
    if (draft === undefined) {
      if (this.#known) return;
      // The first command left no fact, so what it was tried against is still only a guess.
      this.#phase = 'cold';
      this.#wake();
      return;
    }
    this.#phase = 'appending';
    this.#log.append({ ...this.ref, commit: draft.commit, expected: this.#position }).then(
      (outcome) => {
        if (outcome._tag === 'Stored') this.#stored(draft, outcome.position);
        else if (outcome._tag === 'Conflict') this.#conflict(draft);
        else this.#undecided(draft, outcome.why);
      },
      (error: unknown) => {
        this.#world.report('an append failed', { ...this.ref, error });
        this.#undecided(draft, 'the log cannot be written right now; try again with the same id');
      },
    );
  }

  /** Decides what waits against the tentative state, up to a commit's bounds; answers at once what rests on no new fact. */
  #draft(): Draft | undefined {
    const at = Math.max(this.#world.now(), this.#state.at);
    const facts: Fact[] = [];
    const waiting: { who: Waiting; answer: Answer }[] = [];
    const receipts = new Map<string, Receipt>();
    let state = this.#state;
    let bytes = 0;
    let taken = 0;
    for (const who of this.#mailbox) {
      if (facts.length >= COMMIT_FACTS_MAX || bytes >= COMMIT_BYTES_MAX || (!this.#known && taken === 1)) break;
      taken += 1;
      const key = keyOf(who.ask.by.id, who.ask.clientId);
      const freshId = this.#world.freshId();
      const remembered = receipts.get(key) ?? this.#receipts.recall(who.ask.by.id, who.ask.clientId);
      const given: Given = { at, freshId: isLeft(freshId) ? '' : freshId.right, remembered };
      const decision = isLeft(freshId)
        ? left<Refusal>({ _tag: 'Unavailable', why: 'no ids can be issued right now; try again shortly' })
        : decide(state, who.ask, given);
      let answer: Answer;
      if (isLeft(decision)) answer = decision;
      else if (decision.right._tag === 'Done') answer = right(decision.right.done);
      else {
        for (const fact of decision.right.facts) {
          state = evolve(state, fact, at);
          facts.push(fact);
          bytes += bytesOf(fact);
          receipts.set(key, receiptOf(fact, state.seq, at, receipts.get(key)));
        }
        answer = right({ seq: state.seq, at, messageId: receipts.get(key)?.messageId, repeated: false });
      }
      if (facts.length === 0) who.answer(answer);
      else waiting.push({ who, answer });
    }
    this.#mailbox = this.#mailbox.slice(taken);
    const [first, ...rest] = facts;
    if (first === undefined) return undefined;
    const commitId = this.#world.freshId();
    if (isLeft(commitId)) {
      this.#mailbox = [...waiting.map(({ who }) => who), ...this.#mailbox];
      this.#giveUp('no ids can be issued right now; try again shortly');
      return undefined;
    }
    const { session } = this.ref;
    const seq = this.#state.seq + 1;
    const commit: Commit = { v: COMMIT_VERSION, session, seq, commit: commitId.right, at, events: [first, ...rest] };
    return { commit, waiting, after: state };
  }

  #stored(draft: Draft, position: number): void {
    this.#conflicts = 0;
    this.#take({ tenant: this.ref.tenant, position, commit: draft.commit }, draft.after);
    for (const { who, answer } of draft.waiting) who.answer(answer);
    this.#phase = 'idle';
    this.#known = true;
    this.#tellReady();
    this.#drain();
  }

  /** Somebody else wrote, or our own earlier attempt did: read what is new and decide again. */
  #conflict(draft: Draft): void {
    this.#requeue(draft);
    this.#conflicts += 1;
    if (this.#conflicts > CONFLICTS_MAX) {
      this.#conflicts = 0;
      this.#giveUp('the session is being written elsewhere; try again shortly');
    } else {
      void this.#load();
    }
  }

  /** The commit may or may not appear. Its callers hear so; whoever follows sees it if it does, by reading again. */
  #undecided(draft: Draft, why: string): void {
    for (const { who } of draft.waiting) who.answer(left({ _tag: 'Unavailable', why }));
    this.#phase = 'cold';
    if (this.#mailbox.length + this.#wantReady.length + this.#followers.size > 0) void this.#load();
  }

  #requeue(draft: Draft): void {
    this.#mailbox = [...draft.waiting.map(({ who }) => who), ...this.#mailbox];
  }

  #accept(stored: Stored): void {
    this.#take(stored, evolveCommit(this.#state, stored.commit));
  }

  #take(stored: Stored, after: SessionState): void {
    this.#state = after;
    this.#position = stored.position;
    this.#receipts.remember(stored.commit);
    this.#recent.push(stored);
    if (this.#recent.length > RECENT_COMMITS_MAX) this.#recent.shift();
    for (const follower of this.#followers) follower.stored(stored);
    this.#events.stored(this.ref, stored, after);
  }
}

/** An upper estimate of a fact's JSON in UTF-8: three bytes a UTF-16 unit, and room for the keys. */
const bytesOf = (fact: Fact): number => 512 + ('text' in fact ? fact.text.length * 3 : 0);
