/**
 * Questions that were stored just before a process ended, and that nobody has answered: their sessions are woken, so that
 * the assistant sees them. It answers within moments, so that only the log's newest part can hold one.
 */
import type { Commit } from '../../events/commit.ts';
import type { EventLog } from '../../events/event-log.ts';
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
      if (isLeftWaiting(commit)) waiting.set(key, ref);
      else if (isSettled(commit)) waiting.delete(key);
    }
  for (const ref of waiting.values()) await supervisor.state(ref);
};

const isLeftWaiting = ({ events }: Commit): boolean =>
  events.some((fact) => fact.type === 'MessagePosted' && fact.author.role === 'visitor') &&
  !events.some((fact) => settles.has(fact.type));

const isSettled = ({ events }: Commit): boolean => events.some((fact) => settles.has(fact.type));

/** After one of these it is not the assistant's turn, or its answer is given. */
const settles: ReadonlySet<string> = new Set([
  'AssistantDecided',
  'AssistantRefused',
  'HandoffRequested',
  'SessionAssigned',
  'SessionClosed',
]);
