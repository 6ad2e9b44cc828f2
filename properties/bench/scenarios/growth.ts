/** What a message costs the more sessions are stored, and the more processes share the work. */
import { fillLog, sessionNames } from '../filled.ts';
import type { Finding } from '../result.ts';
import { count, type RunOptions, type Scenario } from '../scenario.ts';
import { openStage } from '../stage.ts';
import { findingOf, type Naming, openAt } from '../stretch.ts';
import { viewsRebuilt } from '../views.ts';
import { Talks } from './message.ts';

const STORED = [1_000, 10_000, 100_000, 1_000_000];
const STORED_QUICK = [50];
const TALKING = 1_000;
const TALKING_QUICK = 20;
/** The same load whatever is stored, so that what it costs can be compared. */
const PER_SECOND = 4_000;

export const growth: Scenario = {
  name: 'growth',
  about:
    'One message as in the first table, among 1,000 sessions that talk, while so many others are stored, each with one ' +
    'message and in the views: at saturation, and at 4,000 messages a second whatever is stored.',
  sizes: 'sessions stored',
  run: async (options) => {
    const findings: Finding[] = [];
    for (const stored of options.sizes ?? (options.quick ? STORED_QUICK : STORED))
      findings.push(...(await runWith(stored, options)));
    return findings;
  },
};

const runWith = async (stored: number, options: RunOptions): Promise<readonly Finding[]> => {
  const sessions = sessionNames('stored', stored);
  const stage = await openStage(options, async (stores) => {
    await fillLog(stores, [{ sessions, messages: 1, messagesPerCommit: 1 }], options.say);
  });
  try {
    const what = count(stored, 'session');
    options.say(`${what} stored, waiting for the views`);
    await viewsRebuilt(stage);
    const talks = await Talks.begin(stage, options.quick ? TALKING_QUICK : TALKING);
    try {
      const [warmUpMs, durationMs] = options.quick ? [300, 500] : [4_000, 6_000];
      options.say(`${what} stored, warming up`);
      await talks.saturated(warmUpMs);
      options.say(`${what} stored, saturated`);
      const most = await talks.saturated(durationMs);
      options.say(`${what} stored, ${PER_SECOND} a second`);
      const steady = await talks.at(openAt(PER_SECOND, 1), durationMs);
      const faults = await talks.end();
      const steadily = `${PER_SECOND.toLocaleString('en')} a second`;
      return [
        findingOf(`${what} stored, saturated`, most, placed('saturated', stored)),
        findingOf(`${what} stored, ${steadily}`, steady, placed(steadily, stored)),
      ].map((each) => ({ ...each, faults: [...each.faults, ...faults] }));
    } finally {
      await talks.stop();
    }
  } finally {
    await stage.stop();
  }
};

const placed = (line: string, stored: number): Naming => ({ delivery: 'delivery', place: { line, x: stored } });
