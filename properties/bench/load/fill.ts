/** Fills a log through its own adapter, as fast as that takes it, with sessions of the past. */
import pino from 'pino';
import type { EventLog } from '../../../events/event-log.ts';
import { openBackends } from '../../../infra/backends.ts';
import { systemClock } from '../../../infra/clock.ts';
import { readConfig } from '../../../infra/config.ts';
import { commitsOf, factsOf } from './filled-session.ts';

export interface FillOrder {
  /** Settings of the Kefu that will serve the log. */
  readonly environment: Readonly<Record<string, string>>;
  readonly tenant: string;
  readonly sessions: readonly string[];
  readonly messages: number;
  readonly messagesPerCommit: number;
}

/** Sessions that are written at the same time; each waits for its own commits one by one. */
const AT_ONCE = 1_024;

/** How many facts are in the log now that were not before. */
export const fill = async (order: FillOrder): Promise<number> => {
  const backends = await openBackends(readConfig(order.environment), pino({ enabled: false }));
  try {
    let next = 0;
    const fillOn = async (): Promise<void> => {
      for (let session = order.sessions[next++]; session !== undefined; session = order.sessions[next++])
        await fillSession(backends.log, order, session);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, fillOn));
  } finally {
    await backends.close();
  }
  return order.sessions.length * factsOf(order);
};

const fillSession = async (log: EventLog, order: FillOrder, session: string): Promise<void> => {
  let expected = 0;
  for (const commit of commitsOf({ ...order, session, atMs: systemClock.now() })) {
    const appended = await log.append({ tenant: order.tenant, session, commit, expected });
    if (appended._tag !== 'Stored') throw new Error(`${session} could not be filled: ${appended._tag}`);
    expected = appended.position;
  }
};
