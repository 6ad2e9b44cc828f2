/** Has a log filled by a process of its own, which then ends: what it costs is nobody's. */

import { LoadProcess } from './load-process.ts';
import { count } from './scenario.ts';
import { type Stores, TENANT } from './stage.ts';

export interface Filling {
  readonly sessions: readonly string[];
  readonly messages: number;
  readonly messagesPerCommit: number;
}

export const sessionNames = (prefix: string, sessions: number): readonly string[] =>
  Array.from({ length: sessions }, (_, index) => `${prefix}-${index}`);

/** How many facts were stored. */
export const fillLog = async (
  { environment }: Stores,
  fillings: readonly Filling[],
  say: (what: string) => void,
): Promise<number> => {
  const writer = await LoadProcess.start();
  try {
    let facts = 0;
    for (const filling of fillings) {
      say(`filling ${count(filling.sessions.length, 'session')} with ${count(filling.messages, 'message')} each`);
      facts += await writer.ask('fill', { environment, tenant: TENANT, ...filling });
    }
    return facts;
  } finally {
    await writer.stop();
  }
};
