/** Deadlines over any history: each passes once, never early by the facts' own times, and none is forgotten. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contextOf, dueOf, evolve, type SessionState, statusOf, unopened } from '../actors/session-state.ts';
import type { Command } from '../events/commands.ts';
import type { FactType } from '../events/facts.ts';
import type { Person, SessionRef } from '../events/index.ts';
import { DeadlineHouse, factsIn, type TimedFact } from './doubles/deadline-house.ts';
import { MemoryEventLog } from './doubles/memory-event-log.ts';
import { MemoryViewStore } from './doubles/memory-view-store.ts';
import { alice, assistant, visitor } from './story.ts';

const SHARDS = 2;
const RUNS = 30;
const SECOND = 1_000;
const deadlines = { assistantReplyMs: 3 * SECOND, firstResponseMs: 5 * SECOND, idleCloseMs: 16 * SECOND };
const durations = {
  'assistant-reply': deadlines.assistantReplyMs,
  'first-response': deadlines.firstResponseMs,
  'idle-close': deadlines.idleCloseMs,
} as const;
const refs: readonly SessionRef[] = ['a', 'b', 'c'].map((session) => ({ tenant: 't', session }));

/** Something that is asked of a session; much of it is refused, as in life. */
const commands: readonly (readonly [Person, (state: SessionState) => Command])[] = [
  [visitor, () => ({ type: 'PostMessage', text: 'anyone?' })],
  [visitor, () => ({ type: 'PostMessage', text: 'hello?' })],
  [visitor, () => ({ type: 'PostMessage', text: 'is nobody there?' })],
  [assistant, ({ seq }) => ({ type: 'Answer', basedOn: Math.max(1, seq), text: 'yes' })],
  [assistant, ({ seq }) => ({ type: 'HandOff', basedOn: Math.max(1, seq), why: 'unknown' })],
  [visitor, () => ({ type: 'RequestHandoff' })],
  [alice, () => ({ type: 'ClaimSession' })],
  [alice, () => ({ type: 'PostMessage', text: 'let me see' })],
  [alice, () => ({ type: 'ReleaseSession' })],
  [alice, () => ({ type: 'AddNote', text: 'a note' })],
  [visitor, () => ({ type: 'CloseSession' })],
  [visitor, () => ({ type: 'ReopenSession' })],
];

type Step =
  | { readonly do: 'ask'; readonly session: number; readonly process: number; readonly command: number }
  | { readonly do: 'wait'; readonly ms: number; readonly lookEveryMs: number }
  | { readonly do: 'restart'; readonly process: number }
  | { readonly do: 'set the clock'; readonly process: number; readonly byMs: number }
  | { readonly do: 'lose the views' };

const process = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant<'ask'>('ask'),
      session: fc.nat(refs.length - 1),
      process,
      command: fc.nat(commands.length - 1),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant<'wait'>('wait'),
      ms: fc.oneof(fc.integer({ min: 1, max: 1_500 }), fc.integer({ min: 1, max: 9_000 })),
      lookEveryMs: fc.constantFrom(250, 1_000, 9_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant<'restart'>('restart'), process }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant<'set the clock'>('set the clock'),
      process,
      byMs: fc.integer({ min: -20_000, max: 20_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant<'lose the views'>('lose the views') }) },
);

test('a deadline passes once, never early and never for nothing, and none is left when everything has come to rest', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const ground = { log: new MemoryEventLog(SHARDS), views: new MemoryViewStore(SHARDS) };
      // Two processes that know nothing of each other; the first one projects.
      const houses = [0, 1].map((index) => new DeadlineHouse(ground, undefined, index === 0));
      const house = (index: number): DeadlineHouse => houses[index % 2] as DeadlineHouse;
      const look = async (): Promise<void> => {
        await house(0).caughtUp();
        await Promise.all(houses.map((each) => each.keeper.look()));
        await house(0).caughtUp();
      };
      const wait = async (ms: number, lookEveryMs: number): Promise<void> => {
        for (let left = ms; left > 0; left -= lookEveryMs) {
          for (const each of houses) each.world.pass(Math.min(left, lookEveryMs));
          await look();
        }
      };
      for (const ref of refs) await house(0).open(ref, deadlines);
      for (const each of steps) {
        if (each.do === 'ask') await ask(house(each.process), refs[each.session] as SessionRef, each.command);
        else if (each.do === 'wait') await wait(each.ms, each.lookEveryMs);
        else if (each.do === 'set the clock')
          house(each.process).world.set(house(each.process).world.now() + each.byMs);
        else if (each.do === 'lose the views') await ground.views.clear([0, 1]);
        else {
          const { world } = house(each.process);
          await house(each.process).end();
          houses[each.process] = new DeadlineHouse(ground, world.now(), each.process === 0);
        }
      }
      const latest = Math.max(...houses.map(({ world }) => world.now()), ...(await timesIn(ground.log)));
      for (const { world } of houses) world.set(latest);
      await wait(45 * SECOND, SECOND);
      for (const ref of refs) {
        const facts = await factsIn(ground.log, ref);
        expect(wronglyPassed(facts)).toEqual([]);
        expect(leftLying(facts)).toBeUndefined();
      }
      for (const each of houses) await each.end();
    }),
    { numRuns: RUNS },
  );
});

const ask = async ({ supervisor }: DeadlineHouse, ref: SessionRef, index: number): Promise<void> => {
  const [by, command] = commands[index] ?? commands[0] ?? [visitor, () => ({ type: 'RequestHandoff' })];
  const state = await supervisor.state(ref);
  if (state._tag === 'Left') throw new Error(state.left._tag);
  asked += 1;
  await supervisor.ask(ref, { by, clientId: `c${asked}`, command: command(state.right) });
};
let asked = 0;

const timesIn = async (log: MemoryEventLog): Promise<readonly number[]> => {
  const times: number[] = [];
  for await (const batch of log.scan({ after: 0 })) times.push(...batch.map(({ commit }) => commit.at));
  return times;
};

const MOVES: readonly FactType[] = [
  'SessionOpened',
  'HandoffRequested',
  'SessionAssigned',
  'SessionTransferred',
  'SessionReleased',
  'SessionClosed',
  'SessionReopened',
];

/** What would have ended the wait. */
const ends = (deadline: keyof typeof durations, { fact }: TimedFact): boolean => {
  if (MOVES.includes(fact.type)) return true;
  if (deadline === 'first-response') return false;
  if (fact.type === 'MessagePosted') return deadline === 'idle-close' || fact.author.role !== 'visitor';
  return deadline === 'assistant-reply' && fact.type === 'AssistantDecided';
};

/** Deadlines that passed twice, early or for nothing. Told from the facts alone, without the fold that decides it. */
const wronglyPassed = (facts: readonly TimedFact[]): readonly string[] => {
  const seen = new Set<string>();
  return facts.flatMap(({ at, fact }, index) => {
    if (fact.type !== 'DeadlinePassed') return [];
    const { deadline, dueAt } = fact;
    const name = `${deadline}, due at ${dueAt}`;
    const isRepeated = seen.has(name);
    seen.add(name);
    const begun = waitBegun(deadline, facts.slice(0, index));
    const since = dueAt - durations[deadline];
    return [
      ...(isRepeated ? [`${name}, passed before`] : []),
      ...(at < dueAt ? [`${name}, passed at ${at}`] : []),
      ...(begun === since ? [] : [`${name}, rests on ${since} and the wait began at ${begun}`]),
    ];
  });
};

/** When the wait began that had not ended by the last of these facts. */
const waitBegun = (deadline: keyof typeof durations, past: readonly TimedFact[]): number | undefined => {
  const last = past.findLast((each) => ends(deadline, each))?.at;
  if (deadline !== 'assistant-reply') return last;
  // An answer ends the wait for the assistant; the next question begins another.
  return Math.max(last ?? 0, firstQuestion(past)?.at ?? Number.NaN);
};

/** The visitor's first message behind the last answer. */
const firstQuestion = (facts: readonly TimedFact[]): TimedFact | undefined => {
  const isVisitors = ({ fact }: TimedFact): boolean => fact.type === 'MessagePosted' && fact.author.role === 'visitor';
  const isAnswer = (each: TimedFact): boolean =>
    each.fact.type === 'AssistantDecided' || (each.fact.type === 'MessagePosted' && !isVisitors(each));
  return facts.slice(facts.findLastIndex(isAnswer) + 1).find(isVisitors);
};

/** What is wrong with a session at rest: who waited for long has been heard of, and what was left lying is closed. */
const leftLying = (facts: readonly TimedFact[]): string | undefined => {
  const state = facts.reduce((each, { fact, at }) => evolve(each, fact, at), unopened);
  const due = dueOf(state);
  if (due !== undefined) return `${due.deadline} is due at ${due.dueAt}`;
  const isOverdue = contextOf(state).pace?.overdue === true;
  return statusOf(state) === (isOverdue ? 'queued' : 'closed') ? undefined : `it is ${statusOf(state)}`;
};
