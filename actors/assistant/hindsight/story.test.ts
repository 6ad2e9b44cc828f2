import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../events/facts.ts';
import {
  AT,
  alice,
  assistant,
  claimedBy,
  closed,
  kefu,
  opened,
  queued,
  said,
  visitor,
} from '../../../properties/story.ts';
import { courseAfter, courseBefore } from './course.ts';
import { Story } from './story.ts';
import type { Verdict } from './verdict.ts';

/** One commit, so many seconds after the beginning. */
type Moment = readonly [second: number, ...facts: Fact[]];

const storyOf = (...commits: readonly Moment[]): Story => {
  const story = new Story({ tenant: 't', session: 's' });
  for (const [index, [second, first, ...rest]] of commits.entries()) {
    if (first === undefined) throw new Error('a commit has facts');
    const [seq, at] = [story.seq + 1, AT + second * 1_000];
    story.take({ v: 1, session: 's', seq, commit: `c${index}`, at, events: [first, ...rest] });
  }
  return story;
};
const decided = (
  basedOn: number,
  outcome: 'answered' | 'handoff' | 'offered' | 'asked-back',
  why: 'known' | 'unknown' | 'generated' | 'unsure' | 'asked',
): Fact => ({ type: 'AssistantDecided', basedOn, outcome, why, by: assistant, clientId: `d${basedOn}` });
const answer = (basedOn: number, text = 'like this'): Fact => ({
  type: 'MessagePosted',
  messageId: 'm',
  author: assistant,
  text,
  clientId: `a${basedOn}`,
  basedOn,
});
const refused = (basedOn: number): Fact => ({
  type: 'AssistantRefused',
  basedOn,
  code: 403,
  why: 'sensitive_question',
  by: assistant,
  clientId: `r${basedOn}`,
});
const handoff: Fact = { type: 'HandoffRequested', by: assistant, clientId: 'h' };
/** To people at once, who answer that question and the next. */
const handedOver: readonly Moment[] = [
  [0, opened],
  [1, said(visitor, 'a')],
  [2, decided(2, 'handoff', 'unknown'), handoff],
  [60, claimedBy(alice)],
  [61, said(alice, 'b')],
  [70, said(visitor, 'c')],
  [75, said(alice, 'd')],
];
const passed: Fact = { type: 'DeadlinePassed', deadline: 'assistant-reply', dueAt: AT, by: kefu, clientId: 'p' };

describe('a past session', () => {
  test('a burst that the assistant has answered is one question, with what it said and how long it took', () => {
    const story = storyOf(
      [0, opened],
      [1, said(visitor, 'hello')],
      [2, said(visitor, 'where is it?')],
      [4, decided(3, 'answered', 'known'), answer(3)],
    );
    expect(story.happenings()).toMatchObject([
      {
        _tag: 'Asked',
        seq: 3,
        at: AT + 1_000,
        question: { basedOn: 3, texts: ['hello', 'where is it?'], misses: 0 },
        recorded: { outcome: 'answered from knowledge', text: 'like this', handsOver: false },
        waitMs: 3_000,
        answeredBy: 'assistant',
      },
    ]);
  });

  test('who is handed over waits until a person says something, and what people answer was put to nobody', () => {
    const story = storyOf(...handedOver);
    expect(story.happenings()).toMatchObject([
      {
        question: { texts: ['a'] },
        recorded: { outcome: 'handed to people', why: 'unknown' },
        waitMs: 60_000,
        answeredBy: 'person',
      },
      { question: { texts: ['c'], turns: [{ text: 'a' }, { text: 'b' }] }, waitMs: 5_000, answeredBy: 'person' },
    ]);
    expect(story.happenings().map((each) => 'recorded' in each && each.recorded?.outcome)).toEqual([
      'handed to people',
      undefined,
    ]);
  });

  test('whoever asks for a person by a button, or is claimed, is taken over; the hand-off of a decision is not that', () => {
    expect(storyOf([0, opened], [1, queued], [2, claimedBy(alice)]).happenings()).toEqual([{ _tag: 'TakenOver' }]);
    expect(storyOf([0, opened], [2, claimedBy(alice)]).happenings()).toEqual([{ _tag: 'TakenOver' }]);
  });

  test('a deadline that passed is a hand-off that the assistant is to blame for', () => {
    const story = storyOf([0, opened], [1, said(visitor, 'a')], [11, passed, { ...handoff, by: kefu }]);
    expect(story.happenings()).toMatchObject([
      { recorded: { outcome: 'handed to people', why: 'no_answer_in_time', delayMs: 10_000 } },
    ]);
    expect(story.happenings()).toHaveLength(1);
  });

  test('a refusal with words and one without', () => {
    const story = storyOf(
      [0, opened],
      [1, said(visitor, 'a')],
      [2, refused(2), answer(2, 'no')],
      [3, said(visitor, 'b')],
      [4, refused(5), handoff],
    );
    expect(story.happenings()).toMatchObject([
      { recorded: { outcome: 'refused with 403', handsOver: false, text: 'no' }, waitMs: 1_000 },
      { recorded: { outcome: 'refused with 403', handsOver: true, text: undefined }, waitMs: undefined },
    ]);
  });

  test('who leaves, or still waits, was never answered', () => {
    expect(storyOf([0, opened], [1, said(visitor, 'a')], [2, closed]).happenings()).toMatchObject([
      { question: { texts: ['a'] }, recorded: undefined, waitMs: undefined },
    ]);
    expect(storyOf([0, opened], [1, said(visitor, 'a')]).happenings()).toMatchObject([{ question: { texts: ['a'] } }]);
  });
});

describe('the course of a session', () => {
  const verdict = (outcome: Verdict['outcome'], handsOver = false): Verdict => ({
    outcome,
    handsOver,
    why: 'known',
    delayMs: 300,
    entry: undefined,
    confidence: undefined,
    text: undefined,
    model: undefined,
  });
  const answered = verdict('answered from knowledge');
  const handed = verdict('handed to people', true);
  /** Handed over at once, then two questions that a person answered. */
  const past = storyOf(...handedOver, [80, said(visitor, 'e')], [82, said(alice, 'f')]).happenings();

  test('what people have they keep, as it was and as it would have been', () => {
    expect(courseBefore(past, [handed, answered, answered])).toEqual({
      fared: [
        { holder: 'assistant', waitMs: 60_000 },
        { holder: 'people', waitMs: 5_000 },
        { holder: 'people', waitMs: 2_000 },
      ],
      end: 'people',
    });
    expect(courseAfter(past, [answered, handed, answered])).toEqual({
      fared: [
        { holder: 'assistant', waitMs: 300 },
        { holder: 'assistant', waitMs: 5_000 },
        { holder: 'people', waitMs: 2_000 },
      ],
      end: 'people',
    });
  });

  test('behind what is unknown everything is', () => {
    expect(courseAfter(past, [answered, verdict('unknown'), answered])).toEqual({
      fared: [
        { holder: 'assistant', waitMs: 300 },
        { holder: 'assistant', waitMs: 'unknown' },
        { holder: 'unknown', waitMs: 'unknown' },
      ],
      end: 'unknown',
    });
  });

  test('nobody knows how long people take for whom they were not asked, and who was never answered is not by people', () => {
    const own = storyOf([0, opened], [1, said(visitor, 'a')], [2, decided(2, 'answered', 'known'), answer(2)]);
    expect(courseAfter(own.happenings(), [handed]).fared).toEqual([{ holder: 'assistant', waitMs: 'people' }]);
    const left = storyOf([0, opened], [1, said(visitor, 'a')], [2, closed]);
    expect(courseAfter(left.happenings(), [handed]).fared).toEqual([{ holder: 'assistant', waitMs: 'never' }]);
    expect(courseAfter(left.happenings(), [answered]).fared).toEqual([{ holder: 'assistant', waitMs: 300 }]);
  });

  test('whoever asked for a person gets one under any policy', () => {
    const asked = storyOf(
      [0, opened],
      [1, queued],
      [2, said(visitor, 'a')],
      [3, claimedBy(alice)],
      [4, said(alice, 'b')],
    );
    expect(courseAfter(asked.happenings(), [answered])).toEqual({
      fared: [{ holder: 'people', waitMs: 2_000 }],
      end: 'people',
    });
  });
});
