/** Histories that could have happened: commits of several sessions, decided by the session's own rules from random commands. */

import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import { type Ask, decide } from '../../actors/decide.ts';
import { contextOf, dueOf, evolve, type SessionState, statusOf, unopened } from '../../actors/session-state.ts';
import type { Command } from '../../events/commands.ts';
import { COMMIT_VERSION, type Stored } from '../../events/commit.ts';
import type { Fact, Person } from '../../events/facts.ts';
import { sessionName, tenantName } from './session-rows.ts';

/** What one session is asked at one time; together it becomes one commit. */
interface Step {
  readonly tenant: string;
  readonly session: string;
  /** Milliseconds since the step before; often none. */
  readonly pauseMs: number;
  readonly asks: readonly Asked[];
}

interface Asked {
  readonly by: Person;
  readonly command: Command;
}

const START = 1_764_000_000_000;

const visitors = ['li', 'wang:{1}', '客服'] as const;
const agents: readonly Person[] = [
  { role: 'agent', id: 'an' },
  { role: 'agent', id: '博:}' },
  { role: 'admin', id: 'root' },
];
const visitorOf = (session: string): string => visitors[session.length % visitors.length] ?? 'li';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).filter((value) => value.length <= 8_000);
const staff = fc.constantFrom(...agents);
const assistant: Person = { role: 'assistant', id: 'assistant' };
const kefu: Person = { role: 'system', id: 'kefu' };
/** Short, so that they pass between two steps. */
const deadlines = { assistantReplyMs: 1, firstResponseMs: 1, idleCloseMs: 500 };

/** `seq` and the visitor's id are only known when the command is asked, so they are filled in then. */
type Draft = (state: SessionState, session: string) => Asked;

const draft: fc.Arbitrary<Draft> = fc.oneof(
  {
    weight: 6,
    arbitrary: text.map(
      (said): Draft =>
        (_, session) =>
          visitorAsks(session, { type: 'PostMessage', text: said }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(staff, text).map(([by, said]) => staffAsks(by, { type: 'PostMessage', text: said })),
  },
  { weight: 3, arbitrary: staff.map((by) => staffAsks(by, { type: 'ClaimSession' })) },
  {
    weight: 2,
    arbitrary: fc.tuple(staff, staff).map(([by, to]) => staffAsks(by, { type: 'TransferSession', to: to.id })),
  },
  { weight: 2, arbitrary: staff.map((by) => staffAsks(by, { type: 'ReleaseSession' })) },
  { weight: 2, arbitrary: fc.tuple(staff, text).map(([by, said]) => staffAsks(by, { type: 'AddNote', text: said })) },
  { weight: 2, arbitrary: staff.map((by) => staffAsks(by, { type: 'CloseSession' })) },
  { weight: 2, arbitrary: staff.map((by) => staffAsks(by, { type: 'ReopenSession' })) },
  {
    weight: 2,
    arbitrary: fc.constant<Draft>((state) => ({
      by: kefu,
      command: { type: 'MeetDeadline', ...(dueOf(state) ?? { deadline: 'idle-close', dueAt: 0 }) },
    })),
  },
  {
    weight: 6,
    arbitrary: fc.oneof(
      fc.constant<Draft>((_, session) => visitorAsks(session, { type: 'RequestHandoff' })),
      fc.constant<Draft>((state, session) => visitorAsks(session, { type: 'MarkRead', upTo: Math.max(state.seq, 1) })),
      fc.integer({ min: 1, max: 5 }).map(
        (score): Draft =>
          (_, session) =>
            visitorAsks(session, { type: 'RateSession', score }),
      ),
      text.map(
        (said): Draft =>
          (state) => ({
            by: assistant,
            command: { type: 'Answer', basedOn: Math.max(state.seq, 1), text: said, entry: 'kb-1', confidence: 0.5 },
          }),
      ),
      assistantAsks(fc.constant({ type: 'HandOff', why: 'unknown', note: 'what was tried' })),
      assistantAsks(
        text.map((said) => ({ type: 'OfferChoices', text: said, choices: [{ entry: 'a', question: said }] })),
      ),
      assistantAsks(
        fc.constantFrom({}, { text: 'no' }).map((more) => ({
          type: 'RefuseAnswer',
          code: 504,
          why: 'budget_spent',
          model: { name: 'm', latencyMs: 3_000 },
          ...more,
        })),
      ),
      fc.constant<Draft>((state, session) =>
        visitorAsks(session, { type: 'ChooseAnswer', offer: contextOf(state).offer?.seq ?? 1, entry: 'a' }),
      ),
    ),
  },
);

type Word = Extract<Command, { basedOn: number }>;
type Undated<C> = C extends unknown ? Omit<C, 'basedOn'> : never;

/** A function, because it is used above; based on everything so far. */
function assistantAsks(words: fc.Arbitrary<Undated<Word>>): fc.Arbitrary<Draft> {
  return words.map(
    (word): Draft =>
      (state) => ({ by: assistant, command: { ...word, basedOn: Math.max(state.seq, 1) } }),
  );
}

const visitorAsks = (session: string, command: Command): Asked => ({
  by: { role: 'visitor', id: visitorOf(session) },
  command,
});
const staffAsks =
  (by: Person, command: Command): Draft =>
  () => ({ by, command });

interface DraftStep extends Omit<Step, 'asks'> {
  readonly drafts: readonly Draft[];
}

const step: fc.Arbitrary<DraftStep> = fc.record({
  tenant: tenantName,
  session: sessionName,
  pauseMs: fc.constantFrom(0, 0, 1, 1_000),
  drafts: fc.array(draft, { minLength: 1, maxLength: 4 }),
});

/** Stored commits, in order of position from 1 on. */
export const history = (stepsMax = 60, stepsMin = 0): fc.Arbitrary<readonly Stored[]> =>
  fc.array(step, { minLength: stepsMin, maxLength: stepsMax, size: 'max' }).map((steps) => {
    const sessions = new Map<string, SessionState>();
    const stored: Stored[] = [];
    let at = START;
    for (const each of steps) {
      at += each.pauseMs;
      const ref = `${each.tenant}/${each.session}`;
      const before = sessions.get(ref) ?? unopened;
      const { state, facts } = carryOut(before, each, at, stored.length);
      const [first, ...rest] = facts;
      if (first === undefined) continue;
      sessions.set(ref, state);
      const position = stored.length + 1;
      stored.push({
        tenant: each.tenant,
        position,
        commit: {
          v: COMMIT_VERSION,
          session: each.session,
          seq: before.seq + 1,
          commit: `commit-${position}`,
          at,
          events: [first, ...rest],
        },
      });
    }
    return stored;
  });

/** Decides the commands in order, each on what the ones before have led to; what is refused leaves no fact. */
const carryOut = (
  before: SessionState,
  { session, drafts }: DraftStep,
  at: number,
  number: number,
): { readonly state: SessionState; readonly facts: readonly Fact[] } => {
  let state = before;
  const facts: Fact[] = [];
  const ask = ({ by, command }: Asked): void => {
    const key = `${number}-${facts.length}`;
    const asked: Ask = { by, clientId: `c${key}`, command };
    const decided = decide(state, asked, { at, freshId: `m${key}`, remembered: undefined });
    if (!isRight(decided) || decided.right._tag !== 'Facts') return;
    for (const fact of decided.right.facts) {
      facts.push(fact);
      state = evolve(state, fact, at);
    }
  };
  if (statusOf(state) === 'unopened')
    ask(
      visitorAsks(session, {
        type: 'OpenSession',
        visitor: { id: visitorOf(session) },
        metadata: { plan: 'a', 1: 2 },
        ...(session.length % 4 === 0 ? {} : { deadlines }),
      }),
    );
  for (const each of drafts) ask(each(state, session));
  return { state, facts };
};

/** The history cut into batches, as a projector may get it: at any places. */
export const cutAnywhere = <A>(items: readonly A[], cuts: readonly number[]): readonly (readonly A[])[] => {
  const places = [...new Set(cuts.map((cut) => cut % (items.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...places]
    .map((from, index) => items.slice(from, places[index] ?? items.length))
    .filter((some) => some.length > 0);
};
