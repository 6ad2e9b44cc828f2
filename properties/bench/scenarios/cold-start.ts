/** From the making of the process to its ready line, on logs of several lengths. */

import { endChild } from '../../servers/child.ts';
import { fillLog, sessionNames } from '../filled.ts';
import { startServing } from '../kefu-command.ts';
import { factsOf } from '../load/filled-session.ts';
import { usageOf } from '../processes.ts';
import { type Finding, figure, median } from '../result.ts';
import { count, type RunOptions, type Scenario } from '../scenario.ts';
import { openStores } from '../stage.ts';

const FACTS = [0, 100_000, 1_000_000];
const FACTS_QUICK = [0, 2_000];
const MESSAGES = 47;
const STARTS = 5;

export const coldStart: Scenario = {
  name: 'cold-start',
  about:
    'One start of `kefu serve` with one process, from before the process is made to its ready line (seen within 2 ms), NATS and Redis ' +
    'running. “No views” is the first start on a log: the views are built while it serves already. “Again” is the median ' +
    'of five starts after that. The CPU is that of the process up to its ready line.',
  sizes: 'facts in the log',
  run: async (options) => {
    const findings: Finding[] = [];
    for (const facts of options.sizes ?? (options.quick ? FACTS_QUICK : FACTS))
      findings.push(...(await startWith(facts, options)));
    return findings;
  },
};

const startWith = async (wanted: number, options: RunOptions): Promise<readonly Finding[]> => {
  const stores = await openStores(options.backend);
  try {
    const sessions = sessionNames('past', Math.ceil(wanted / factsOf({ messages: MESSAGES })));
    const fillings = [{ sessions, messages: MESSAGES, messagesPerCommit: 1 }];
    const facts = wanted === 0 ? 0 : await fillLog(stores, fillings, options.say);
    const what = count(facts, 'fact');
    options.say(`${what}, no views`);
    const first = await start(stores.environment);
    options.say(`${what}, again`);
    const again = [];
    for (let round = 0; round < (options.quick ? 1 : STARTS); round++) again.push(await start(stores.environment));
    return [finding(`${what}, no views`, [first]), finding(`${what}, again`, again)];
  } finally {
    await stores.stop();
  }
};

interface Start {
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
}

const start = async (environment: Readonly<Record<string, string>>): Promise<Start> => {
  const { child, tookMs } = await startServing(environment);
  try {
    const { cpuNs, rssBytes } = usageOf(child.pid);
    return { tookMs, cpuMs: cpuNs / 1e6, rssBytes };
  } finally {
    await endChild(child);
  }
};

const finding = (what: string, starts: readonly Start[]): Finding => ({
  what,
  figures: [
    figure('ready after', 'ms', median(starts.map(({ tookMs }) => tookMs))),
    figure('CPU', 'ms', median(starts.map(({ cpuMs }) => cpuMs))),
    figure('memory', 'MB', median(starts.map(({ rssBytes }) => rssBytes)) / 2 ** 20),
  ],
  faults: [],
});
