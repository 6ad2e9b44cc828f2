import { describe, expect, it } from 'vitest';
import type { Command } from '../events/commands.ts';
import type { Deadline } from '../events/deadlines.ts';
import type { Fact } from '../events/facts.ts';
import { SESSION_FACTS_MAX } from '../events/limits.ts';
import {
  AT,
  alice,
  assistant,
  bob,
  claimedBy,
  closed,
  type Given,
  givenAt,
  kefu,
  opened,
  openedWithDeadlines,
  queued,
  said,
  visitor,
} from '../properties/story.ts';
import { decide } from './decide.ts';
import { dueOf } from './session-state.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const meet = (deadline: Deadline, dueMs: number): Command => ({ type: 'MeetDeadline', deadline, dueAt: AT + dueMs });
const passed = (deadline: Deadline, dueMs: number): Fact => ({
  type: 'DeadlinePassed',
  deadline,
  dueAt: AT + dueMs,
  by: kefu,
  clientId: `${deadline}-${AT + dueMs}`,
});
const reopened: Fact = { type: 'SessionReopened', by: visitor, clientId: 'again' };
const released: Fact = { type: 'SessionReleased', by: alice, clientId: 'release' };
const handedOff: Fact = { type: 'HandoffRequested', by: kefu, clientId: 'x', reason: 'no_answer_in_time' };
const answered: readonly Fact[] = [
  { type: 'AssistantDecided', basedOn: 2, outcome: 'answered', why: 'known', by: assistant, clientId: 'reply-to-2' },
  { ...said(assistant, 'yes', 'reply-to-2'), basedOn: 2 } as Fact,
];

const due = ({ state }: Given): readonly [Deadline, number] | undefined => {
  const next = dueOf(state);
  return next === undefined ? undefined : [next.deadline, next.dueAt - AT];
};

describe('a question to the assistant', () => {
  const asked = givenAt([0, [openedWithDeadlines]], [SECOND, [said(visitor)]], [4 * SECOND, [said(visitor, 'hello?')]]);
  const command = meet('assistant-reply', 11 * SECOND);

  it('must be answered within its time, counted from the first of several messages', () => {
    expect(due(asked)).toEqual(['assistant-reply', 11 * SECOND]);
    asked.when(kefu, command, 'k', 11 * SECOND - 1).thenRefused({ _tag: 'NotDue', deadline: 'assistant-reply' });
  });
  it('goes to people when its time has passed', () => {
    asked.when(kefu, command, 'k', 11 * SECOND).thenFacts([
      { type: 'DeadlinePassed', deadline: 'assistant-reply', dueAt: AT + 11 * SECOND, by: kefu },
      { type: 'HandoffRequested', by: kefu, reason: 'no_answer_in_time' },
    ]);
  });
  it('goes there once: asked again with the same id it is done, with another there is nothing due', () => {
    const over = givenAt(
      [0, [openedWithDeadlines]],
      [SECOND, [said(visitor)]],
      [
        12 * SECOND,
        [passed('assistant-reply', 11 * SECOND), { ...handedOff, clientId: `assistant-reply-${AT + 11 * SECOND}` }],
      ],
    );
    over.when(kefu, command, `assistant-reply-${AT + 11 * SECOND}`, 13 * SECOND).thenDone(4);
    over.when(kefu, command, 'another', 13 * SECOND).thenRefused({ _tag: 'NotDue' });
    expect(due(over)).toEqual(['first-response', 72 * SECOND]);
  });
  it('is not due any more once it is answered, handed off, or taken over', () => {
    const asking = [
      [0, [openedWithDeadlines]],
      [SECOND, [said(visitor)]],
    ] as const;
    for (const facts of [answered, [queued], [claimedBy(alice)], [closed]])
      givenAt(...asking, [5 * SECOND, facts])
        .when(kefu, command, 'k', HOUR)
        .thenRefused({ _tag: 'NotDue' });
  });
  it('left over when the session was closed has its whole time again when it is reopened', () => {
    const again = givenAt(
      [0, [openedWithDeadlines]],
      [SECOND, [said(visitor)]],
      [2 * SECOND, [closed]],
      [HOUR, [reopened]],
    );
    expect(due(again)).toEqual(['assistant-reply', HOUR + 10 * SECOND]);
  });
  it('takes nobody’s word for its time but Kefu’s', () => {
    for (const by of [visitor, alice, assistant, { role: 'admin', id: 'root' } as const])
      asked.when(by, command, 'k', HOUR).thenRefused({ _tag: 'RoleMayNot', command: 'MeetDeadline' });
  });
});

describe('a visitor in the queue', () => {
  const waiting = givenAt([0, [openedWithDeadlines]], [SECOND, [queued]], [30 * SECOND, [said(visitor)]]);
  const command = meet('first-response', 61 * SECOND);

  it('is overdue when nobody has come in time, and stays in the queue', () => {
    expect(due(waiting)).toEqual(['first-response', 61 * SECOND]);
    waiting.when(kefu, command, 'k', 61 * SECOND).thenFacts([{ type: 'DeadlinePassed', deadline: 'first-response' }]);
  });
  it('is told so once, and is never closed for being silent', () => {
    const overdue = givenAt(
      [0, [openedWithDeadlines]],
      [SECOND, [queued]],
      [70 * SECOND, [passed('first-response', 61 * SECOND)]],
    );
    expect(due(overdue)).toBeUndefined();
    overdue.when(kefu, meet('idle-close', SECOND + HOUR), 'k', 2 * HOUR).thenRefused({ _tag: 'NotDue' });
  });
  it('is not overdue when an agent has taken the session, and may be again when it is released', () => {
    const taken = [
      [0, [openedWithDeadlines]],
      [SECOND, [queued]],
      [MINUTE, [claimedBy(alice)]],
    ] as const;
    givenAt(...taken)
      .when(kefu, command, 'k', HOUR)
      .thenRefused({ _tag: 'NotDue' });
    expect(due(givenAt(...taken, [2 * MINUTE, [released]]))).toEqual(['first-response', 3 * MINUTE]);
    const once = givenAt(
      [0, [openedWithDeadlines]],
      [SECOND, [queued]],
      [70 * SECOND, [passed('first-response', 61 * SECOND)]],
      [2 * MINUTE, [claimedBy(alice)]],
      [3 * MINUTE, [released]],
    );
    expect(due(once)).toEqual(['first-response', 4 * MINUTE]);
  });
});

describe('a session in which nobody writes', () => {
  const talked = givenAt(
    [0, [openedWithDeadlines]],
    [SECOND, [claimedBy(alice)]],
    [MINUTE, [said(alice)]],
    [2 * MINUTE, [said(visitor, 'thanks')]],
    [3 * MINUTE, [{ type: 'NoteAdded', text: 'a note', by: bob, clientId: 'n' }]],
  );

  it('is closed an hour after the last message', () => {
    expect(due(talked)).toEqual(['idle-close', HOUR + 2 * MINUTE]);
    talked.when(kefu, meet('idle-close', HOUR + 2 * MINUTE), 'k', 3 * HOUR).thenFacts([
      { type: 'DeadlinePassed', deadline: 'idle-close' },
      { type: 'SessionClosed', by: kefu, reason: 'idle' },
    ]);
  });
  it('is closed also when nothing was ever said, or the assistant had the last word', () => {
    expect(due(givenAt([0, [openedWithDeadlines]]))).toEqual(['idle-close', HOUR]);
    expect(due(givenAt([0, [openedWithDeadlines]], [1, [said(visitor)]], [2, answered]))).toEqual([
      'idle-close',
      HOUR + 2,
    ]);
  });
  it('is not closed at the hour of an earlier message', () => {
    talked.when(kefu, meet('idle-close', HOUR + MINUTE), 'k', 3 * HOUR).thenRefused({ _tag: 'NotDue' });
  });
  it('is closed once, and has its hour again when it is reopened', () => {
    const silent = [
      [0, [openedWithDeadlines]],
      [HOUR, [passed('idle-close', HOUR), closed]],
    ] as const;
    expect(due(givenAt(...silent))).toBeUndefined();
    expect(due(givenAt(...silent, [2 * HOUR, [reopened]]))).toEqual(['idle-close', 3 * HOUR]);
  });
});

describe('deadlines', () => {
  it('are those that the session was opened under', () => {
    expect(due(givenAt([0, [opened]], [1, [said(visitor)]]))).toBeUndefined();
    const some = givenAt([0, [{ ...opened, deadlines: { idleCloseMs: 5 } } as Fact]], [1, [said(visitor)]]);
    // Nobody has answered, and there is no time in which the assistant would have to.
    expect(due(some)).toBeUndefined();
  });
  it('are stored by the opening, and are no part of what its id stands for', () => {
    const deadlines = { idleCloseMs: 5 };
    givenAt()
      .when(visitor, { type: 'OpenSession', visitor: { id: 'li' }, deadlines })
      .thenFacts([{ type: 'SessionOpened', deadlines }]);
    givenAt([0, [openedWithDeadlines]])
      .when(visitor, { type: 'OpenSession', visitor: { id: 'li' }, deadlines }, 'open')
      .thenDone(1);
  });
  it('pass in a full session too', () => {
    const asked = givenAt([0, [openedWithDeadlines]], [1, [said(visitor)]]);
    const full = { ...asked.state, seq: SESSION_FACTS_MAX };
    const ask = { by: kefu, clientId: 'k', command: meet('assistant-reply', 10 * SECOND + 1) };
    const decision = decide(full, ask, { at: AT + MINUTE, freshId: 'fresh', remembered: undefined });
    expect(decision).toMatchObject({ right: { facts: [{ type: 'DeadlinePassed' }, { type: 'HandoffRequested' }] } });
  });
});
