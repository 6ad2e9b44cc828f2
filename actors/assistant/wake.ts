/**
 * Questions that were stored just before a process ended, and that nobody has answered: their sessions are woken, so that
 * the assistant sees them. It answers within moments, so that only the log's newest part can hold one.
 */
import type { EventLog } from '../../events/event-log.ts';
import type { Fact } from '../../events/facts.ts';
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
import type { Supervisor } from '../supervisor.ts';

/** Positions of the log that are looked through. */
const LOOK_BACK = 20_000;

/** Only sessions of the given shards. */
export const wakeUnanswered = async (
  log: EventLog,
  supervisor: Supervisor,
  shards: ReadonlySet<number>,
): Promise<void> => {
  if (shards.size === 0) return;
  const head = await log.head();
  const waiting = new Map<string, SessionRef>();
  for await (const batch of log.scan({ after: Math.max(0, head - LOOK_BACK), until: head, shards }))
    for (const { tenant, commit } of batch) {
      if (!shards.has(shardOf(commit.session, log.shards))) continue;
      const ref = { tenant, session: commit.session };
      const key = `${tenant}/${commit.session}`;
      for (const fact of commit.events)
        if (asks(fact)) waiting.set(key, ref);
        else if (settles(fact)) waiting.delete(key);
    }
  for (const ref of waiting.values()) await supervisor.state(ref);
};

const asks = (fact: Fact): boolean => fact.type === 'MessagePosted' && fact.author.role === 'visitor';

/** Whether it is not the assistant's turn from then on, or whoever had the turn has answered. */
const settles = ({ type }: Fact): boolean => settling.has(type);

const settling: ReadonlySet<Fact['type']> = new Set([
  // By a visitor it is a question, which is looked for first.
  'MessagePosted',
  'AssistantDecided',
  'AssistantRefused',
  'ChoicesOffered',
  'HandoffRequested',
  'SessionAssigned',
  'SessionClosed',
]);
