/** All sessions of a log, told apart: what commands that look at whole sessions have in common. */
import type { Stored } from '../../events/commit.ts';
import type { EventLog } from '../../events/event-log.ts';
import { WrongUsage } from './exit.ts';

/** Sessions that are kept apart at once; some 200 bytes each. */
const SESSIONS_MAX = 1_000_000;

export interface Reading {
  readonly tenant: string | undefined;
  /** Positions and times up to here, included. */
  readonly until: number;
  readonly untilMs: number;
}

/** Every commit of it, in order, with its session's key. `reached` hears of each position. */
export async function* commitsIn(
  log: EventLog,
  { tenant, until, untilMs }: Reading,
  reached: (position: number) => void,
): AsyncGenerator<{ readonly key: string; readonly stored: Stored }> {
  for await (const batch of log.scan({ after: 0, until, ...(tenant === undefined ? {} : { tenant }) })) {
    for (const stored of batch)
      if (stored.commit.at <= untilMs) yield { key: `${stored.tenant}/${stored.commit.session}`, stored };
    reached(batch.at(-1)?.position ?? until);
  }
}

/** What is known of each session. */
export class Sessions<A> extends Map<string, A> {
  override set(key: string, known: A): this {
    if (this.size >= SESSIONS_MAX && !this.has(key))
      throw new WrongUsage(`there are more than ${SESSIONS_MAX} sessions; name one tenant, or an earlier --until`);
    return super.set(key, known);
  }
}
