/**
 * Appends with a known outcome. A time-out is not a failure and an error is not always a refusal, so the same commit, with
 * the same id, body and expected position, is sent again until it is known whether it is stored.
 */
import { encodeCommit } from '../../events/encoding/commit.ts';
import type { Append, Appended } from '../../events/event-log.ts';
import { invariant } from '../../events/invariant.ts';
import { shardOf } from '../../events/shard.ts';
import type { Clock } from '../clock.ts';
import { LogWentBack } from '../log-went-back.ts';
import { pause } from '../pause.ts';
import type { Claims } from './claims.ts';
import type { KnownCommits } from './known-commits.ts';
import { isLost, type Leader } from './leader.ts';
import type { Publication, Publisher, PublishOutcome } from './publisher.ts';
import { STREAM } from './stream.ts';
import { subjectIn } from './subjects.ts';

/** After so long an append whose outcome could not be learned is answered `Undecided`. */
export const APPEND_DECIDED_WITHIN_MS = 10_000;
/** "wrong last sequence": the fence. Its description ends with the sequence that the subject has. */
const WRONG_LAST_SEQUENCE = 10071;
const RETRY_FIRST_MS = 10;
const RETRY_MAX_MS = 500;

export interface AppenderParts {
  readonly publisher: Publisher;
  readonly leader: Leader;
  readonly known: KnownCommits;
  readonly claims: Claims;
  readonly clock: Clock;
  readonly shards: number;
  readonly replicas: number;
  readonly decidedWithinMs: number;
  /** Raised when the log closes. */
  readonly closing: AbortSignal;
}

type Attempt = Omit<Publication, 'done'>;

export class Appender {
  readonly #parts: AppenderParts;

  constructor(parts: AppenderParts) {
    this.#parts = parts;
  }

  append(append: Append): Promise<Appended> {
    const { publisher, leader, known, claims, clock, shards, decidedWithinMs } = this.#parts;
    const { tenant, session, commit, expected } = append;
    const shard = shardOf(session, shards);
    // What is stored from now on stands behind everything that is known now.
    const floor = leader.seen;
    return new Promise((resolve, reject) => {
      const publication: Publication = {
        subject: subjectIn(shard, append),
        body: encodeCommit(commit),
        expected,
        id: commit.commit,
        deadline: clock.monotonicMs() + decidedWithinMs,
        done: (outcome) => {
          // The usual case ends here, without a promise more than the caller's.
          if (outcome._tag === 'Acknowledged' && !outcome.duplicate && outcome.position > floor) {
            leader.saw(outcome.position);
            known.stored({ tenant, position: outcome.position, commit }, shard);
            claims.add(outcome.position, shard);
            resolve({ _tag: 'Stored', position: outcome.position });
          } else this.#settle(publication, outcome, floor).then(resolve, reject);
        },
      };
      publisher.publish(publication);
    });
  }

  async #settle(attempt: Attempt, first: PublishOutcome, floor: number): Promise<Appended> {
    const { leader, clock, closing } = this.#parts;
    let outcome = first;
    let waitMs = RETRY_FIRST_MS;
    for (;;) {
      const decided = await this.#decide(attempt, outcome, floor);
      if (decided._tag !== 'Undecided') {
        if (decided._tag === 'Stored') leader.saw(decided.position);
        return decided;
      }
      if (closing.aborted || clock.monotonicMs() >= attempt.deadline) return decided;
      await pause(Math.min(waitMs, Math.max(0, attempt.deadline - clock.monotonicMs())), closing);
      waitMs = Math.min(waitMs * 2, RETRY_MAX_MS);
      outcome = await this.#again(attempt);
    }
  }

  #again(attempt: Attempt): Promise<PublishOutcome> {
    return new Promise((resolve) => this.#parts.publisher.publish({ ...attempt, done: resolve }));
  }

  async #decide(attempt: Attempt, outcome: PublishOutcome, floor: number): Promise<Appended> {
    try {
      switch (outcome._tag) {
        case 'Acknowledged':
          if (outcome.duplicate) return await this.#original(attempt, outcome.position);
          if (outcome.position <= floor) throw new LogWentBack(`the stream ${STREAM}`, floor, outcome.position);
          return { _tag: 'Stored', position: outcome.position };
        case 'Refused':
          if (outcome.code === WRONG_LAST_SEQUENCE) return await this.#successor(attempt, outcome.why);
          // Everything else (10158 and 10164: another attempt is under way; no leader; no space) may pass.
          return { _tag: 'Undecided', why: `the log does not take it now: ${outcome.why}` };
        case 'Unknown':
          return { _tag: 'Undecided', why: outcome.why };
      }
    } catch (error) {
      if (error instanceof NoAnswer) return { _tag: 'Undecided', why: error.message };
      throw error;
    }
  }

  /** The server knows the id: the message it stored under it must be this one. */
  async #original(attempt: Attempt, position: number): Promise<Appended> {
    const original = await answered(this.#parts.leader.at(position));
    if (original === undefined) return { _tag: 'Undecided', why: 'the stored message cannot be read yet' };
    invariant(
      original.subject === attempt.subject && isCommit(original.body, attempt.id),
      `a commit's id is used once, but ${attempt.id} stands for another one at position ${position}`,
    );
    return { _tag: 'Stored', position };
  }

  /**
   * The subject's last message is not the expected one. Whatever came first behind the expected position took this
   * commit's place, or is this commit itself; what has been stored since does not matter.
   */
  async #successor(attempt: Attempt, why: string): Promise<Appended> {
    const first = await answered(this.#parts.leader.firstBehind(attempt.expected, attempt.subject));
    if (first !== undefined) {
      if (isCommit(first.body, attempt.id)) return { _tag: 'Stored', position: first.position };
      return { _tag: 'Conflict' };
    }
    const last = Number(/(\d+)\s*$/.exec(why)?.[1] ?? Number.NaN);
    // The session ends before the expected position. On one server that is so; a new leader may only not be there yet.
    if (last < attempt.expected && this.#parts.replicas === 1) return { _tag: 'Conflict' };
    return { _tag: 'Undecided', why: 'the log has not caught up with itself yet' };
  }
}

/** The leader could not be asked now. */
class NoAnswer extends Error {}

const answered = async <T>(question: Promise<T>): Promise<T> => {
  try {
    return await question;
  } catch (error) {
    if (isLost(error)) throw error;
    throw new NoAnswer(error instanceof Error ? error.message : String(error));
  }
};

/** Compares ids only: a body that this version cannot read is still somebody else's commit. */
const isCommit = (body: string, id: string): boolean => {
  try {
    return (JSON.parse(body) as { commit?: unknown }).commit === id;
  } catch {
    return false;
  }
};
