/**
 * One session's single writer. It decides commands in the order they come, stores their facts as one commit, and answers
 * only when the log has said "stored". While an append is under way the mailbox gathers, and the next commit takes all.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { Stored } from '../events/commit.ts';
import type { Append, Appended, EventLog } from '../events/event-log.ts';
import type { SessionRef } from '../events/names.ts';
import type { Refusal } from '../events/refusals.ts';
import type { Ask } from './decide.ts';
import { type Answer, type Draft, draftCommit, type Waiting } from './draft.ts';
import { type Few, forEach, withOne, withoutOne } from './few.ts';
import { SessionPast } from './session-past.ts';
import type { SessionState } from './session-state.ts';
import type { Snapshot } from './snapshot.ts';
import { isDue, isWorthSaving, type SnapshotKeeper, type Snapshotted } from './snapshot-keeper.ts';
import type { World } from './world.ts';

export type { Answer };

/** Sees every commit of the session in order, from the moment it is added. Must not throw. */
export interface Follower {
  stored(stored: Stored): void;
  /** The session is served elsewhere from now on: nothing more comes from here. */
  moved?(): void;
}

/** What the actor tells its supervisor. */
export interface SessionEvents {
  /** Called once for every commit, when it is known to be stored. */
  stored(ref: SessionRef, stored: Stored, state: SessionState): void;
  /** Whether what other processes store may not be heard of here for a while. */
  readonly isDeaf: boolean;
  /** Called when the session's past has been read and it can be asked. */
  activated(ref: SessionRef, state: SessionState): void;
}

/** Commands that may wait in one session's mailbox: a fifth of a second of the most that one session can store. */
export const MAILBOX_MAX = 4_096;
/** Conflicts in a row before the session's callers are told `unavailable`. */
const CONFLICTS_MAX = 8;

type Phase = 'cold' | 'loading' | 'idle' | 'appending';

export class SessionActor implements Snapshotted {
  readonly ref: SessionRef;
  readonly #log: EventLog;
  readonly #world: World;
  readonly #events: SessionEvents;
  readonly #snapshots: SnapshotKeeper;
  #phase: Phase = 'cold';
  /** Whether the state is known to be the log's: it was read, or a first append proved that there was nothing to read. */
  #known = false;
  readonly #past = new SessionPast();
  /** Seq of the newest snapshot. */
  #savedSeq = 0;
  /** A commit of which nobody knows whether it is stored, as it was sent: until that is known, nothing may be decided. */
  #unsettled: Append | undefined;
  /** How far the log was heard to go while something was under way here. */
  #heardOf = 0;
  #conflicts = 0;
  #mailbox: Waiting[] = [];
  /** Whoever waits to be told; `undefined` while nobody does. */
  #wantReady: ((ready: Either<Refusal, SessionState>) => void)[] | undefined;
  #followers: Few<Follower>;
  /** Monotonic milliseconds of the last use. */
  usedAt: number;

  constructor(ref: SessionRef, log: EventLog, world: World, events: SessionEvents, snapshots: SnapshotKeeper) {
    this.ref = ref;
    this.#log = log;
    this.#world = world;
    this.#events = events;
    this.#snapshots = snapshots;
    this.usedAt = world.monotonicMs();
  }

  /** The state as stored; only of meaning once {@link ready} has answered. */
  get state(): SessionState {
    return this.#past.state;
  }

  /** Position of the newest commit, 0 before the first. */
  get position(): number {
    return this.#past.position;
  }

  /** The newest commits, oldest first, without a gap up to the head. */
  get recent(): readonly Stored[] {
    return this.#past.recent;
  }

  /** Whether the session's past has been read, however long ago. */
  get known(): boolean {
    return this.#known;
  }

  /** A position that `seq` stands not far behind: reading from there on finds it. */
  startOf(seq: number): number {
    return this.#past.index.startOf(seq);
  }

  /** Whether to forget the actor without a snapshot would cost the next one much reading. */
  get isWorthSaving(): boolean {
    return isWorthSaving(this.state.seq, this.#savedSeq);
  }

  /** Whether it has gone on for so long without a snapshot that it gets one while it lives. */
  get isDueForSaving(): boolean {
    return this.#known && this.state.seq > 0 && isDue(this.state.seq, this.#savedSeq);
  }

  /** Whatever snapshot was saved of it may be gone. */
  unsaved(): void {
    this.#savedSeq = 0;
  }

  /** What another actor can go on from. Only for a session that has facts. */
  snapshot(): Snapshot {
    const snapshot = this.#past.snapshot();
    this.#savedSeq = snapshot.seq;
    return snapshot;
  }

  /** Whether nothing is under way or in doubt and nobody follows, so that the actor may be forgotten. */
  get restful(): boolean {
    return (
      (this.#phase === 'idle' || this.#phase === 'cold') &&
      this.#mailbox.length === 0 &&
      this.#followers === undefined &&
      this.#unsettled === undefined
    );
  }

  /** Whether the log could not be asked though somebody counts on it: it is to be asked again. */
  get isLeftBehind(): boolean {
    return this.#phase === 'cold' && (this.#followers !== undefined || this.#unsettled !== undefined);
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
    if (this.#known && this.#phase !== 'cold') return Promise.resolve(right(this.state));
    return new Promise((resolve) => {
      (this.#wantReady ??= []).push(resolve);
      if (this.#phase === 'cold') void this.#load();
    });
  }

  /** {@link ready}, with what somebody else may have written since the log was read. */
  refreshed(): Promise<Either<Refusal, SessionState>> {
    this.usedAt = this.#world.monotonicMs();
    return new Promise((resolve) => {
      (this.#wantReady ??= []).push(resolve);
      if (this.#phase === 'cold' || this.#phase === 'idle') void this.#load();
      else this.#heardOf = Number.POSITIVE_INFINITY;
    });
  }

  /** The log holds a commit of this session at that position: one that is not known here was written by somebody else. */
  heard(position: number): void {
    if (position <= this.position) return;
    if (this.#phase === 'appending' || this.#phase === 'loading') this.#heardOf = Math.max(this.#heardOf, position);
    else if (this.#known || this.#followers !== undefined) void this.#load();
  }

  follow(follower: Follower): void {
    this.#followers = withOne(this.#followers, follower);
  }

  /** Sends every follower to where the session is served now. */
  evict(): void {
    const followers = this.#followers;
    this.#followers = undefined;
    forEach(followers, (follower) => follower.moved?.());
  }

  unfollow(follower: Follower): void {
    this.#followers = withoutOne(this.#followers, follower);
    this.usedAt = this.#world.monotonicMs();
  }

  /**
   * A session that is being opened is almost always new, so it is tried without reading first: the expected position 0
   * is the proof, and a conflict leads to the reading that was saved.
   */
  #wake(): void {
    const [first] = this.#mailbox;
    if (first === undefined) return;
    if (first.ask.command.type === 'OpenSession' && !this.#known && this.#unsettled === undefined) {
      this.#phase = 'idle';
      this.#drain();
    } else {
      void this.#load();
    }
  }

  async #load(): Promise<void> {
    this.#phase = 'loading';
    this.#heardOf = 0;
    if (!(await this.#settle())) {
      this.#giveUp('it cannot be known right now what the log holds; try again with the same id');
      return;
    }
    try {
      if (this.position > 0 || !(await this.#resume()))
        for await (const batch of this.#log.read(this.ref, this.position))
          for (const stored of batch) this.#take(stored);
    } catch (error) {
      this.#world.report('a session could not be read', { ...this.ref, error });
      this.#giveUp('the session cannot be read from the log right now; try again shortly');
      return;
    }
    this.#known = true;
    if (this.#heardOf > this.position) {
      void this.#load();
      return;
    }
    this.#phase = 'idle';
    this.#events.activated(this.ref, this.state);
    this.#tellReady();
    this.#drain(true);
    this.#saveWhenDue();
  }

  /** Goes on from a snapshot, if there is one and the log holds what it was taken from. */
  async #resume(): Promise<boolean> {
    const snapshot = await this.#snapshots.load(this.ref);
    if (snapshot === undefined) return false;
    for await (const batch of this.#log.read(this.ref, snapshot.position - 1))
      for (const stored of batch) {
        if (this.position > 0) this.#take(stored);
        else if (this.#past.restore(snapshot, stored)) this.#savedSeq = snapshot.seq;
        else return this.#discard(snapshot);
      }
    return this.position > 0 || this.#discard(snapshot);
  }

  /** The snapshot is replaced as soon as the session is read, so that nobody stumbles over it again. */
  #discard({ position, seq }: Snapshot): false {
    this.#snapshots.misfit(this.ref, `the log does not have seq ${seq} at position ${position}`);
    this.#savedSeq = Number.NEGATIVE_INFINITY;
    return false;
  }

  #saveWhenDue(): void {
    if (this.isDueForSaving) this.#snapshots.save(this);
  }

  #tellReady(): void {
    const waiting = this.#wantReady;
    if (waiting === undefined) return;
    this.#wantReady = undefined;
    for (const resolve of waiting) resolve(right(this.state));
  }

  /** Everyone who waits is told that nothing can be known now; the next call tries again. */
  #giveUp(why: string): void {
    this.#phase = 'cold';
    const refusal: Refusal = { _tag: 'Unavailable', why };
    const ready = this.#wantReady ?? [];
    const mailbox = this.#mailbox;
    this.#wantReady = undefined;
    this.#mailbox = [];
    for (const resolve of ready) resolve(left(refusal));
    for (const { answer } of mailbox) answer(left(refusal));
  }

  /** `isNewest`: the log was read a moment ago. */
  #drain(isNewest = !this.#events.isDeaf): void {
    if (this.#phase !== 'idle' || this.#mailbox.length === 0) return;
    // Before anyone is answered: whoever asks again from within an answer must wait for the next commit.
    this.#phase = 'appending';
    const draft = this.#draft(isNewest);
    if (draft === 'Unsure') {
      void this.#load();
      return;
    }
    if (draft === undefined) {
      // Without a fact, what a first command was tried against is still only a guess.
      if (this.#phase === 'appending') this.#phase = this.#known ? 'idle' : 'cold';
      if (this.#phase === 'idle') this.#drain();
      else this.#wake();
      return;
    }
    const { tenant, session } = this.ref;
    const append: Append = { tenant, session, commit: draft.commit, expected: this.position };
    this.#log.append(append).then(
      (outcome) => {
        if (outcome._tag === 'Stored') this.#stored(draft, outcome.position);
        else if (outcome._tag === 'Conflict') this.#conflict(draft);
        else this.#undecided(draft, append, outcome.why);
      },
      (error: unknown) => {
        this.#world.report('an append failed', { ...this.ref, error });
        this.#undecided(draft, append, 'the log cannot be written right now; try again with the same id');
      },
    );
  }

  #draft(isNewest: boolean): Draft | 'Unsure' | undefined {
    const most = this.#known ? MAILBOX_MAX : 1;
    const { taken, draft } = draftCommit(this.ref.session, this.#past, this.#mailbox, most, this.#world, isNewest);
    this.#mailbox = this.#mailbox.slice(taken);
    if (draft !== 'NoIds') return draft;
    this.#giveUp('no ids can be issued right now; try again shortly');
    return undefined;
  }

  #stored(draft: Draft, position: number): void {
    this.#conflicts = 0;
    const stored: Stored = { tenant: this.ref.tenant, position, commit: draft.commit };
    this.#past.takeOwn(stored, draft.after, draft.receipts);
    this.#tell(stored);
    for (const { who, answer } of draft.waiting) who.answer(answer);
    this.#known = true;
    if (this.#heardOf > position) {
      void this.#load();
      return;
    }
    this.#phase = 'idle';
    this.#tellReady();
    this.#drain();
    this.#saveWhenDue();
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
  #undecided(draft: Draft, append: Append, why: string): void {
    this.#unsettled = append;
    for (const { who } of draft.waiting) who.answer(left({ _tag: 'Unavailable', why }));
    void this.#load();
  }

  /**
   * Finds out what became of the commit before anything else is decided: it is sent again, and is stored now, or was, or
   * never will be because another one has its place. Were it left alone, it could appear when a command in it has long
   * been refused. `false` when that cannot be known yet.
   */
  async #settle(): Promise<boolean> {
    if (this.#unsettled === undefined) return true;
    let outcome: Appended['_tag'] = 'Undecided';
    try {
      outcome = (await this.#log.append(this.#unsettled))._tag;
    } catch (error) {
      this.#world.report('an append failed', { ...this.ref, error });
    }
    if (outcome === 'Undecided') return false;
    this.#unsettled = undefined;
    return true;
  }

  #requeue(draft: Draft): void {
    this.#mailbox = [...draft.waiting.map(({ who }) => who), ...this.#mailbox];
  }

  #take(stored: Stored): void {
    this.#past.take(stored);
    this.#tell(stored);
  }

  #tell(stored: Stored): void {
    forEach(this.#followers, (follower) => follower.stored(stored));
    this.#events.stored(this.ref, stored, this.state);
  }
}
