import { expect, test } from 'vitest';
import { Desk } from './desk.ts';

const takersOf = (desk: Desk, agents: number, session: string): readonly number[] =>
  [...Array(agents).keys()].filter((agent) => desk.isFor(agent, session));

test('sessions go to whoever has the least to do', () => {
  const desk = new Desk(3, 0);
  expect(['a', 'b', 'c', 'd'].map((session) => takersOf(desk, 3, session))).toEqual([[0], [1], [2], [0]]);
  desk.isDone(2);
  expect(takersOf(desk, 3, 'e')).toEqual([2]);
});

test('the answer for a session does not change', () => {
  const desk = new Desk(2, 0);
  expect(takersOf(desk, 2, 'a')).toEqual([0]);
  desk.isDone(0);
  expect(takersOf(desk, 2, 'a')).toEqual([0]);
});

test('every so many sessions two agents go for at once', () => {
  const desk = new Desk(4, 3);
  expect(['a', 'b', 'c'].map((session) => takersOf(desk, 4, session).length)).toEqual([1, 1, 2]);
});
