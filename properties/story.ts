/** Domain tests as stories: given these facts, when this is asked, then these facts follow, or this refusal. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { expect } from 'vitest';
import { type Ask, decide } from '../actors/decide.ts';
import { ReceiptMemory } from '../actors/receipt-memory.ts';
import { keyOf } from '../actors/receipts.ts';
import { evolveCommit, type SessionState, unopened } from '../actors/session-state.ts';
import type { Command } from '../events/commands.ts';
import type { Commit } from '../events/commit.ts';
import type { Fact, Person } from '../events/facts.ts';
import type { Refusal } from '../events/refusals.ts';

export const visitor: Person = { role: 'visitor', id: 'li' };
export const alice: Person = { role: 'agent', id: 'alice' };
export const bob: Person = { role: 'agent', id: 'bob' };
export const assistant: Person = { role: 'assistant', id: 'assistant' };
export const kefu: Person = { role: 'system', id: 'kefu' };

interface Then {
  /** The facts that follow, each matched by the keys given here. */
  thenFacts(facts: readonly Partial<Fact>[]): void;
  thenRefused(refusal: Partial<Refusal>): void;
  /** Nothing happens: it was done before, with this seq. */
  thenDone(seq: number): void;
}

export interface Given {
  readonly state: SessionState;
  /** Asked `afterMs` milliseconds after the story's beginning. */
  when(by: Person, command: Command, clientId?: string, afterMs?: number): Then;
}

/** When stories begin, in Unix milliseconds. */
export const AT = 1_764_000_000_000;
let asked = 0;

/** Each inner list is one commit, a millisecond after the one before. */
export const given = (...commits: readonly (readonly Fact[])[]): Given =>
  givenAt(...commits.map((events, index) => [index, events] as const));

/** Commits with their times, in milliseconds after the story's beginning. */
export const givenAt = (...commits: readonly (readonly [afterMs: number, events: readonly Fact[]])[]): Given => {
  const receipts = new ReceiptMemory();
  let state = unopened;
  for (const [index, [afterMs, events]] of commits.entries()) {
    const [first, ...rest] = events;
    if (first === undefined) continue;
    const commit: Commit = {
      v: 1,
      session: 's',
      seq: state.seq + 1,
      commit: `c${index}`,
      at: AT + afterMs,
      events: [first, ...rest],
    };
    state = evolveCommit(state, commit);
    receipts.remember(commit);
  }
  return {
    state,
    when: (by, command, clientId = `story-${asked++}`, afterMs = 1_000) => {
      const ask: Ask = { by, clientId, command };
      const remembered = receipts.recall(keyOf(by, clientId));
      const decision = decide(state, ask, { at: AT + afterMs, freshId: 'fresh', remembered });
      return {
        thenFacts: (facts) => {
          expect(decision).toMatchObject({ right: { _tag: 'Facts', facts } });
          expect(!isLeft(decision) && decision.right._tag === 'Facts' && decision.right.facts.length).toBe(
            facts.length,
          );
        },
        thenRefused: (refusal) => expect(decision).toMatchObject({ left: refusal }),
        thenDone: (seq) => expect(decision).toMatchObject({ right: { _tag: 'Done', done: { seq, repeated: true } } }),
      };
    },
  };
};

const cause = (by: Person): { by: Person; clientId: string } => ({ by, clientId: `past-${asked++}` });
export const opened: Fact = { type: 'SessionOpened', visitor: { id: 'li' }, by: visitor, clientId: 'open' };
/** Ten seconds for the assistant, a minute for a person, an hour of silence. */
export const openedWithDeadlines: Fact = {
  ...opened,
  deadlines: { assistantReplyMs: 10_000, firstResponseMs: 60_000, idleCloseMs: 3_600_000 },
};
export const said = (author: Person, text = 'hello', clientId = `past-${asked++}`): Fact => ({
  type: 'MessagePosted',
  messageId: 'm',
  author,
  text,
  clientId,
});
export const queued: Fact = { type: 'HandoffRequested', ...cause(visitor) };
export const claimedBy = (agent: Person): Fact => ({ type: 'SessionAssigned', agent: agent.id, ...cause(agent) });
export const closed: Fact = { type: 'SessionClosed', ...cause(visitor) };
