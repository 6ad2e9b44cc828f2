/** What waits in a mailbox, decided in order: one commit, and the answers that rest on it. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { COMMIT_VERSION, type Commit } from '../events/commit.ts';
import type { Fact } from '../events/facts.ts';
import { COMMIT_BYTES_MAX, COMMIT_FACTS_MAX } from '../events/limits.ts';
import type { Refusal } from '../events/refusals.ts';
import { type Ask, type Done, decide, type Given } from './decide.ts';
import { type Key, type KeyedReceipt, keyOf, type Receipt, receiptOf } from './receipts.ts';
import type { SessionPast } from './session-past.ts';
import type { SessionState } from './session-state.ts';
import type { World } from './world.ts';

export type Answer = Either<Refusal, Done>;

export interface Waiting {
  readonly ask: Ask;
  readonly answer: (answer: Answer) => void;
}

export interface Draft {
  readonly commit: Commit;
  /** Everyone whose answer rests on this commit, with the answer if it is stored. */
  readonly waiting: readonly { readonly who: Waiting; readonly answer: Answer }[];
  readonly after: SessionState;
  /** What its commands leave behind. */
  readonly receipts: readonly KeyedReceipt[];
}

export interface Drafted {
  /** How many of those who wait were decided. */
  readonly taken: number;
  /**
   * `undefined` when nobody's command leads to a fact; `NoIds` when there is no id for the commit; `Unsure` when the first
   * who waits would be refused by a state that may not be the newest.
   */
  readonly draft: Draft | 'NoIds' | 'Unsure' | undefined;
}

/** Decides against the tentative state, up to a commit's bounds or `most` commands; answers at once what rests on no new fact. */
export const draftCommit = (
  session: string,
  past: SessionPast,
  mailbox: readonly Waiting[],
  most: number,
  world: World,
  isNewest: boolean,
): Drafted => {
  const at = Math.max(world.now(), past.state.at);
  const facts: Fact[] = [];
  const waiting: { who: Waiting; answer: Answer }[] = [];
  const receipts: KeyedReceipt[] = [];
  let state = past.state;
  let bytes = 0;
  let taken = 0;
  for (const who of mailbox) {
    if (facts.length >= COMMIT_FACTS_MAX || bytes >= COMMIT_BYTES_MAX || taken === most) break;
    const key = keyOf(who.ask.by, who.ask.clientId);
    const freshId = world.freshId();
    const remembered = newest(receipts, key) ?? past.receipts.recall(key);
    const given: Given = { at, freshId: isLeft(freshId) ? '' : freshId.right, remembered };
    const decision = isLeft(freshId)
      ? left<Refusal>({ _tag: 'Unavailable', why: 'no ids can be issued right now; try again shortly' })
      : decide(state, who.ask, given);
    if (isLeft(decision) && !isNewest) {
      // What is stored is checked by the log; a refusal is checked by nobody.
      if (taken === 0) return { taken, draft: 'Unsure' };
      break;
    }
    taken += 1;
    let answer: Answer;
    if (isLeft(decision)) answer = decision;
    else if (decision.right._tag === 'Done') answer = right(decision.right.done);
    else {
      let receipt: Receipt | undefined;
      for (const fact of decision.right.facts) {
        facts.push(fact);
        bytes += bytesOf(fact);
        receipt = receiptOf(fact, past.state.seq + facts.length, at, receipt);
      }
      if (receipt !== undefined) receipts.push({ key, receipt });
      state = decision.right.after;
      answer = right({ seq: state.seq, at, messageId: receipt?.messageId, repeated: false });
    }
    if (facts.length === 0) who.answer(answer);
    else waiting.push({ who, answer });
  }
  const [first, ...rest] = facts;
  if (first === undefined) return { taken, draft: undefined };
  const commitId = world.freshId();
  if (isLeft(commitId)) return { taken: taken - waiting.length, draft: 'NoIds' };
  const seq = past.state.seq + 1;
  const commit: Commit = { v: COMMIT_VERSION, session, seq, commit: commitId.right, at, events: [first, ...rest] };
  return { taken, draft: { commit, waiting, after: state, receipts } };
};

/** What an earlier command of this commit leaves under the key. */
const newest = (receipts: readonly KeyedReceipt[], key: Key): Receipt | undefined =>
  receipts.findLast((each) => each.key === key)?.receipt;

/** An upper estimate of a fact's JSON in UTF-8: three bytes a UTF-16 unit, and room for the keys. */
const bytesOf = (fact: Fact): number =>
  512 +
  ('text' in fact ? fact.text.length * 3 : 0) +
  (fact.type === 'ChoicesOffered'
    ? fact.choices.reduce((sum, { question, entry }) => sum + 3 * (question.length + entry.length), 0)
    : 0);
