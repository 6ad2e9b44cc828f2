/** What reads a whole log: a plain scan, and the rebuilding of every view. Both with Kefu's own parts, in this process. */
import pino from 'pino';
import { openBackends, openLogForReading } from '../../../infra/backends.ts';
import { readConfig } from '../../../infra/config.ts';
import { pause } from '../../../infra/pause.ts';
import { Projector } from '../../../projections/projector.ts';

export type Environment = Readonly<Record<string, string>>;

const REBUILD_MAX_MS = 30 * 60_000;

/** How many facts were read. */
export const scan = async (environment: Environment): Promise<number> => {
  const { log, close } = await openLogForReading(readConfig(environment));
  try {
    let facts = 0;
    for await (const batch of log.scan({ after: 0 })) for (const { commit } of batch) facts += commit.events.length;
    return facts;
  } finally {
    await close();
  }
};

/** Resolves when the views, which were empty, hold everything. */
export const rebuild = async (environment: Environment): Promise<void> => {
  const { log, views, close } = await openBackends(readConfig(environment), pino({ enabled: false }));
  const troubles: string[] = [];
  const projector = new Projector({ log, views, pause, report: (trouble) => void troubles.push(trouble) });
  try {
    const head = await log.head();
    projector.start();
    if (!(await projector.caughtUp(head, REBUILD_MAX_MS)))
      throw new Error(`the views came to ${projector.reached} of ${head}: ${troubles.join('; ')}`);
  } finally {
    await projector.stop();
    await close();
  }
};
