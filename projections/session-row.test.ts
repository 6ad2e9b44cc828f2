import { expect, test } from 'vitest';
import type { Stored } from '../events/commit.ts';
import type { Fact } from '../events/facts.ts';
import { foldRow, messagesOf, type SessionRow } from './session-row.ts';

const li = { role: 'visitor', id: 'li' } as const;
const an = { role: 'agent', id: 'an' } as const;
const bo = { role: 'agent', id: 'bo' } as const;
const clientId = 'c';

const opened: Fact = { type: 'SessionOpened', visitor: { id: 'li', name: 'Li' }, by: li, clientId, locale: 'zh' };
const asked: Fact = { type: 'HandoffRequested', by: li, clientId };
const claimed: Fact = { type: 'SessionAssigned', agent: 'an', by: an, clientId };
const transferred: Fact = { type: 'SessionTransferred', from: 'an', to: 'bo', by: an, clientId };
const released: Fact = { type: 'SessionReleased', by: bo, clientId };
const closed: Fact = { type: 'SessionClosed', by: an, clientId };
const reopened: Fact = { type: 'SessionReopened', by: li, clientId };
const noted: Fact = { type: 'NoteAdded', text: 'vip', by: an, clientId };
const rated: Fact = { type: 'SessionRated', score: 5, by: li, clientId };
const said = (author: typeof li | typeof an, text: string): Fact => ({
  type: 'MessagePosted',
  messageId: text.slice(0, 8),
  author,
  text,
  clientId,
});

/** One commit for each list of facts, a second apart, at positions 10, 20, 30 … */
const commitsOf = (...commits: readonly (readonly [Fact, ...Fact[]])[]): readonly Stored[] => {
  let seq = 1;
  return commits.map((events, index) => {
    const commit = {
      v: 1,
      session: 's',
      seq,
      commit: `c${index}`,
      at: 1_000 * (index + 1),
      events: [...events],
    } as const;
    seq += events.length;
    return { tenant: 't', position: 10 * (index + 1), commit: { ...commit, events: [events[0], ...events.slice(1)] } };
  });
};

const rowAfter = (...commits: readonly (readonly [Fact, ...Fact[]])[]): SessionRow | undefined => {
  let row: SessionRow | undefined;
  for (const stored of commitsOf(...commits)) row = foldRow(row, stored);
  return row;
};

test('a session that has just been opened is with the assistant and has no message', () => {
  expect(rowAfter([opened])).toEqual({
    tenant: 't',
    session: 's',
    position: 10,
    status: 'assistant',
    assignee: null,
    visitor: { id: 'li', name: 'Li' },
    locale: 'zh',
    seq: 1,
    openedAt: 1_000,
    activeAt: 1_000,
    unanswered: 0,
    lastMessage: null,
  });
});

test('the visitor waits for an answer until somebody says something', () => {
  const waiting = [[opened, said(li, 'hello')], [said(li, 'anyone?')]] as const;
  expect(rowAfter(...waiting)).toMatchObject({
    unanswered: 2,
    activeAt: 2_000,
    seq: 3,
    lastMessage: { seq: 3, author: li, text: 'anyone?', at: 2_000 },
  });
  expect(rowAfter(...waiting, [claimed], [said(an, 'yes')])).toMatchObject({
    unanswered: 0,
    lastMessage: { author: an },
  });
});

test('a person is asked for, takes over, passes on and lets go', () => {
  expect(rowAfter([opened], [asked])).toMatchObject({ status: 'queued', assignee: null, activeAt: 2_000 });
  expect(rowAfter([opened], [asked], [claimed])).toMatchObject({ status: 'assigned', assignee: 'an' });
  expect(rowAfter([opened], [claimed], [transferred])).toMatchObject({ status: 'assigned', assignee: 'bo' });
  expect(rowAfter([opened], [claimed], [transferred], [released])).toMatchObject({ status: 'queued', assignee: null });
});

test('a closed session is still listed with who had it, and goes back to where it can be answered', () => {
  expect(rowAfter([opened], [claimed], [closed])).toMatchObject({ status: 'closed', assignee: 'an', closedAt: 3_000 });
  const again = rowAfter([opened], [claimed], [closed], [reopened]);
  expect(again).toMatchObject({ status: 'queued', assignee: null });
  expect(again).not.toHaveProperty('closedAt');
  expect(rowAfter([opened], [closed], [reopened])).toMatchObject({ status: 'assistant' });
});

test('notes and scores do not bring a session to the top of the inbox', () => {
  expect(rowAfter([opened], [noted], [rated])).toMatchObject({ activeAt: 1_000, score: 5, seq: 3, position: 30 });
});

test('a commit that the row holds already changes nothing', () => {
  const commits = commitsOf([opened], [said(li, 'hello')], [claimed]);
  const [first, second, third] = commits;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three commits');
  const row = [first, second, third].reduce<SessionRow | undefined>(foldRow, undefined);
  expect(foldRow(row, second)).toBe(row);
  expect(foldRow(row, third)).toBe(row);
});

test('a long message is cut to a line, never inside a character', () => {
  for (const text of ['x'.repeat(120), 'x'.repeat(121), '😀'.repeat(90), `x${'😀'.repeat(90)}`]) {
    const line = rowAfter([opened, said(li, text)])?.lastMessage?.text ?? '';
    expect(line.length).toBeLessThanOrEqual(120);
    expect(encodeURIComponent(line)).not.toBe('');
    expect(text.startsWith(line.replace(/…$/, ''))).toBe(true);
  }
});

test('history has the messages with their seq in the session, and nothing of the other facts', () => {
  const [commit] = commitsOf([opened, said(li, 'hello'), noted, said(li, 'there')]);
  if (commit === undefined) throw new Error('one commit');
  expect(messagesOf(commit.commit)).toEqual([
    { seq: 2, messageId: 'hello', author: li, text: 'hello', at: 1_000 },
    { seq: 4, messageId: 'there', author: li, text: 'there', at: 1_000 },
  ]);
});
