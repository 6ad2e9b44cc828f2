/** The driver of the statechart against xstate itself: every fact, in every state that a history can come to. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createActor, transition } from 'xstate';
import { type Chart, step, unopenedChart } from '../actors/session-chart.ts';
import { type FactEvent, sessionMachine } from '../actors/session-machine.ts';
import type { Fact } from '../events/facts.ts';
import { factTypes } from '../events/facts.ts';
import { history } from './arbitraries/histories.ts';
import { chosen, sayWhere } from './chosen-seed.ts';

console.log(sayWhere('session chart'));

type XState = ReturnType<typeof transition<typeof sessionMachine>>[0];

const eventOf = (fact: Fact, seq: number, at: number): FactEvent => ({ type: fact.type, fact, seq, at }) as FactEvent;

const plain = ({ value, context }: Pick<XState, 'value' | 'context'> | Chart): unknown => ({ value, context });

test('a step is the step of xstate, and what is accepted here is what xstate accepts', () => {
  const met = new Set<string>();
  fc.assert(
    fc.property(history(40), (stored) => {
      // Everything that these histories know, whichever session it happened in: most of it fits no state but its own.
      const all = stored.flatMap(({ commit }) => commit.events.map((fact) => ({ fact, at: commit.at })));
      // Some before anything is opened.
      const facts = [...all.slice(1, 6), ...all];
      let chart = unopenedChart;
      let machine: XState = createActor(sessionMachine).getSnapshot();
      facts.forEach(({ fact, at }, index) => {
        const event = eventOf(fact, index + 1, at);
        const next = step(chart, event);
        expect(next !== undefined).toBe(machine.can(event));
        met.add(`${chart.value} ${fact.type} ${next === undefined ? 'refused' : 'accepted'}`);
        [machine] = transition(sessionMachine, machine, event);
        chart = next ?? chart;
        expect(plain(chart)).toEqual(plain(machine));
      });
    }),
    chosen(200),
  );
  const accepted = [...met].filter((each) => each.endsWith('accepted'));
  for (const type of factTypes) expect(accepted.some((each) => each.includes(` ${type} `))).toBe(true);
  expect(met).toContain('unopened MessagePosted refused');
  expect(met).toContain('closed MessagePosted refused');
  expect(met).toContain('assigned SessionAssigned refused');
});
