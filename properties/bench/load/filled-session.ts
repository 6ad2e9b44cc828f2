/** Sessions as they would be after a while of talk, made without talking: what is stored, commit by commit. */
import type { Commit } from '../../../events/commit.ts';
import { COMMIT_VERSION } from '../../../events/commit.ts';
import type { Fact } from '../../../events/facts.ts';
import { COUNTER_MAX, printId, WORKER_MAX } from '../../../events/ids.ts';
import { sentence } from './sentences.ts';

export interface SessionForm {
  readonly session: string;
  /** Told by visitor and agent in turn. */
  readonly messages: number;
  /** How many of them are stored together. */
  readonly messagesPerCommit: number;
  /** Unix milliseconds of all of it. */
  readonly atMs: number;
}

/** Opened, a person asked for, and assigned: then they talk. */
const SETTING_UP = 3;
/** The first message's seq; the message at a seq is `sentence(seq)`. */
export const firstMessageSeq = SETTING_UP + 1;

const AGENT = 'agent-of-the-past';
/** Production's own. */
const DEADLINES = { assistantReplyMs: 10_000, firstResponseMs: 120_000, idleCloseMs: 86_400_000 };

export const factsOf = ({ messages }: Pick<SessionForm, 'messages'>): number => SETTING_UP + messages;

/** Ids that nobody else gives out: nothing serves as this worker while a log is filled. */
let [given, sinceMs] = [0, 0];
const freshId = (atMs: number): string => {
  const number = given++;
  if (sinceMs === 0) sinceMs = atMs;
  const counter = number % (COUNTER_MAX + 1);
  return printId({ millis: sinceMs + Math.floor(number / (COUNTER_MAX + 1)), counter, worker: WORKER_MAX });
};

export function* commitsOf(form: SessionForm): Iterable<Commit> {
  const { session, messages, messagesPerCommit, atMs } = form;
  const commit = (seq: number, events: Commit['events']): Commit => ({
    v: COMMIT_VERSION,
    session,
    seq,
    commit: freshId(atMs),
    at: atMs,
    events,
  });
  const [opened, ...rest] = settingUp(session);
  yield commit(1, [opened, ...rest]);
  for (let told = 0; told < messages; told += messagesPerCommit) {
    const seq = firstMessageSeq + told;
    const together = Math.min(messagesPerCommit, messages - told);
    const [first, ...others] = Array.from({ length: together }, (_, at) => messageAt(session, seq + at, atMs));
    if (first !== undefined) yield commit(seq, [first, ...others]);
  }
}

const settingUp = (session: string): readonly [Fact, ...Fact[]] => {
  const visitor = { role: 'visitor', id: `visitor-of-${session}` } as const;
  const agent = { role: 'agent', id: AGENT } as const;
  return [
    {
      type: 'SessionOpened',
      visitor: { id: visitor.id, name: '韩梅梅' },
      by: visitor,
      clientId: 'open',
      locale: 'zh',
      deadlines: DEADLINES,
    },
    { type: 'HandoffRequested', by: visitor, clientId: 'handoff' },
    { type: 'SessionAssigned', agent: AGENT, by: agent, clientId: 'claim' },
  ];
};

const messageAt = (session: string, seq: number, atMs: number): Fact => ({
  type: 'MessagePosted',
  messageId: freshId(atMs),
  author: seq % 2 === 0 ? { role: 'visitor', id: `visitor-of-${session}` } : { role: 'agent', id: AGENT },
  text: sentence(seq),
  clientId: `m${seq}`,
});
