import { expect, test } from 'vitest';
import type { Person } from '../../events/facts.ts';
import { type SessionFact, standingAfter } from './session-event.ts';

const by: Person = { role: 'agent', id: 'alice' };
const opened: SessionFact = { type: 'SessionOpened', visitor: { id: 'v' }, by };
const handoff: SessionFact = { type: 'HandoffRequested', by };
const assigned: SessionFact = { type: 'SessionAssigned', agent: 'alice', by };
const closed: SessionFact = { type: 'SessionClosed', by };
const reopened: SessionFact = { type: 'SessionReopened', by };

test.each([
  [[opened], 'assistant'],
  [[opened, handoff], 'queued'],
  [[opened, assigned], 'assigned'],
  [[opened, assigned, { type: 'SessionReleased', by }], 'queued'],
  [[opened, assigned, closed], 'closed'],
  [[opened, assigned, closed, reopened], 'queued'],
  [[opened, closed, reopened], 'assistant'],
  [[opened, assigned, closed, reopened, closed, reopened], 'assistant'],
  [[opened, { type: 'Hidden' }], 'assistant'],
] as const)('after %j the session is %s', (facts, status) => {
  const start = { status: undefined, hadPerson: false };
  expect((facts as readonly SessionFact[]).reduce(standingAfter, start).status).toBe(status);
});
