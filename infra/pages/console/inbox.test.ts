import { describe, expect, test } from 'vitest';
import type { SessionView } from '../../../events/frames.ts';
import { abilitiesOf } from './abilities.ts';
import { Inbox, tabs } from './inbox.ts';

const view = (session: string, status: SessionView['status'], more: Partial<SessionView> = {}): SessionView => ({
  session,
  status,
  assignee: null,
  visitor: { id: 'v' },
  seq: 1,
  openedAt: 1,
  activeAt: 1,
  unanswered: 0,
  lastMessage: null,
  ...more,
});
const named = (inbox: Inbox, tab: (typeof tabs)[number]): string[] =>
  inbox.list(tab, 'me').map(({ session }) => session);

describe('the inbox', () => {
  test('lists each session where it belongs', () => {
    const inbox = new Inbox();
    inbox.take(view('a', 'assistant', { activeAt: 5 }));
    inbox.take(view('q1', 'queued', { openedAt: 9, activeAt: 20 }));
    inbox.take(view('q2', 'queued', { openedAt: 3, activeAt: 30 }));
    inbox.take(view('m', 'assigned', { assignee: 'me', activeAt: 7, unanswered: 2 }));
    inbox.take(view('o', 'assigned', { assignee: 'other', activeAt: 8 }));
    inbox.take(view('c', 'closed', { assignee: 'me', activeAt: 9 }));
    expect(tabs.map((tab) => named(inbox, tab))).toEqual([
      ['q2', 'q1'],
      ['m'],
      ['a'],
      ['q2', 'q1', 'c', 'o', 'm', 'a'],
    ]);
    expect(tabs.map((tab) => inbox.count(tab, 'me'))).toEqual([2, 1, 0, 0]);
  });

  test('is not taken back by a watch that tells late', () => {
    const inbox = new Inbox();
    inbox.take(view('s', 'assigned', { seq: 8, assignee: 'me' }));
    inbox.take(view('s', 'queued', { seq: 7 }));
    expect(named(inbox, 'mine')).toEqual(['s']);
  });

  test('forgets what is not told again after a reconnect', () => {
    const inbox = new Inbox();
    inbox.take(view('gone', 'queued'));
    inbox.take(view('still', 'queued'));
    inbox.begin();
    inbox.take(view('still', 'queued'));
    inbox.begin();
    inbox.take(view('still', 'queued'));
    expect(named(inbox, 'queued')).toHaveLength(2);
    inbox.complete();
    expect(named(inbox, 'queued')).toEqual(['still']);
  });

  test('keeps a thousand sessions, the quietest no longer', () => {
    const inbox = new Inbox();
    for (let at = 1; at <= 1_005; at += 1) inbox.take(view(`s${at}`, 'closed', { activeAt: at }));
    expect(named(inbox, 'all')).toHaveLength(1_000);
    expect(named(inbox, 'all').at(-1)).toBe('s6');
  });
});

describe('the buttons', () => {
  const can = (status: SessionView['status'], assignee: string | null, role = 'agent'): string =>
    Object.entries(abilitiesOf({ status, assignee }, { role, sub: 'me' }))
      .filter(([, able]) => able)
      .map(([name]) => name)
      .join(' ');

  test.each([
    ['assistant', null, 'agent', 'claim note close'],
    ['queued', null, 'agent', 'claim note close'],
    ['assigned', 'me', 'agent', 'reply release transfer note close'],
    ['assigned', 'other', 'agent', 'note close'],
    ['assigned', 'other', 'admin', 'release transfer note close'],
    ['closed', 'me', 'agent', 'note reopen'],
    ['queued', null, 'analyst', ''],
  ] as const)('%s, assigned to %s, for an %s: %s', (status, assignee, role, expected) => {
    expect(can(status, assignee, role)).toBe(expected);
  });
});
