/** Reading a whole log: a plain scan, `kefu replay`, the rebuilding of every view; and waking every session after a failover. */

import { withMemorySettings } from '../../../infra/cli/memory-settings.ts';
import { costFigures, measured } from '../cost.ts';
import { fillLog, sessionNames } from '../filled.ts';
import { runToEnd } from '../kefu-command.ts';
import { factsOf } from '../load/filled-session.ts';
import { LoadProcess } from '../load-process.ts';
import { Loads } from '../loads.ts';
import { type Finding, figure } from '../result.ts';
import { count, type RunOptions, type Scenario } from '../scenario.ts';
import { openStage, openStores, type Stage, type Stores } from '../stage.ts';
import { percentiles } from '../stretch.ts';
import { viewsRebuilt } from '../views.ts';

const FACTS = [1_000_000];
const FACTS_QUICK = [5_000];
/** And three facts before them. */
const MESSAGES = 47;
const AWAKENED = 10_000;
const AWAKENED_QUICK = 200;
const AWAKENED_MESSAGES = 20;
const AGENT_SOCKETS = 200;
const JOINS_AT_ONCE = 1_000;
const JOINING_MAX_MS = 120_000;

export const catchUp: Scenario = {
  name: 'catch-up',
  about:
    'One fact of a log of sessions with 50 facts each, one commit a message: read by a plain scan, printed by ' +
    '`kefu replay --format ndjson` into nothing, and folded into every view from none. Then sessions of 23 facts, whose ' +
    'server was killed and started again, joined all at once over 200 agents’ sockets: one operation is one session ' +
    'awake and joined.',
  sizes: 'facts in the log',
  run: async (options) => {
    const findings: Finding[] = [];
    for (const facts of options.sizes ?? (options.quick ? FACTS_QUICK : FACTS))
      findings.push(...(await readWhole(facts, options)));
    findings.push(await awaken(options));
    return findings;
  },
};

const readWhole = async (wanted: number, options: RunOptions): Promise<readonly Finding[]> => {
  const stores = await openStores(options.backend);
  try {
    const sessions = sessionNames('past', Math.ceil(wanted / factsOf({ messages: MESSAGES })));
    const facts = await fillLog(stores, [{ sessions, messages: MESSAGES, messagesPerCommit: 1 }], options.say);
    const what = count(facts, 'fact');
    const findings: Finding[] = [];
    options.say(`${what}, scan`);
    findings.push(
      await readingOnce(`${what}, plain scan`, facts, stores, (load) => load.ask('scan', stores.environment)),
    );
    options.say(`${what}, replay`);
    findings.push(await replaying(`${what}, kefu replay`, facts, stores));
    options.say(`${what}, rebuild`);
    findings.push(
      await readingOnce(`${what}, rebuild of every view`, facts, stores, async (load) => {
        await load.ask('rebuild', stores.environment);
        return facts;
      }),
    );
    return findings;
  } finally {
    await stores.stop();
  }
};

/** What a process of Kefu's own parts reads; it answers with how many facts there were. */
const readingOnce = async (
  what: string,
  facts: number,
  stores: Stores,
  read: (load: LoadProcess) => Promise<number>,
): Promise<Finding> => {
  const reader = await LoadProcess.start(withMemorySettings([]));
  try {
    const groups = { kefu: [reader.pid], ...stores.groups() };
    const { value, spent } = await measured(
      () => groups,
      [],
      () => read(reader),
    );
    return {
      what,
      figures: [figure('rate', '/s', (facts * 1_000) / spent.tookMs), ...costFigures(spent, facts)],
      faults: value === facts ? [] : [`${value} facts were read, and ${facts} are stored`],
    };
  } finally {
    await reader.stop();
  }
};

const replaying = async (what: string, facts: number, stores: Stores): Promise<Finding> => {
  const { value, spent } = await measured(
    () => stores.groups(),
    [],
    () => runToEnd(['replay', '--format', 'ndjson'], stores.environment),
  );
  const kefu = { cpuNs: value.cpuNs, sleeps: 0, rssBytes: 0 };
  const printed = Number(/replay: (\d+) facts/.exec(value.stderr)?.[1] ?? 0);
  return {
    what,
    figures: [
      figure('rate', '/s', (facts * 1_000) / spent.tookMs),
      ...costFigures({ ...spent, usages: { kefu, ...spent.usages } }, facts),
    ],
    faults: printed === facts ? [] : [`${printed} facts were printed, and ${facts} are stored`],
  };
};

const awaken = async (options: RunOptions): Promise<Finding> => {
  const sessions = sessionNames('asleep', options.quick ? AWAKENED_QUICK : AWAKENED);
  const stage = await openStage(options, async (stores) => {
    await fillLog(stores, [{ sessions, messages: AWAKENED_MESSAGES, messagesPerCommit: 1 }], options.say);
  });
  try {
    await viewsRebuilt(stage);
    options.say('a first time');
    await joinAll(stage, sessions);
    await stage.kefu.kill();
    await stage.kefu.restart();
    options.say('after a failover');
    return {
      what: `${count(sessions.length, 'session')} awake after a failover`,
      ...(await joinAll(stage, sessions)),
    };
  } finally {
    await stage.stop();
  }
};

const joinAll = async (stage: Stage, sessions: readonly string[]): Promise<Omit<Finding, 'what'>> => {
  const seq = factsOf({ messages: AWAKENED_MESSAGES });
  const loads = await Loads.start(sessions.length, (load, _, name) =>
    load.ask('joiners', { ...stage.gate(name), sockets: AGENT_SOCKETS, sessions, seq }),
  );
  try {
    const plan = { pace: { kind: 'closed', atOnce: JOINS_AT_ONCE }, durationMs: JOINING_MAX_MS } as const;
    const { value, spent } = await measured(
      () => stage.groups(),
      loads.pids,
      () => loads.drive({ ...plan, requestsMax: sessions.length }),
    );
    return {
      figures: [
        figure('rate', '/s', (value.complete * 1_000) / value.tookMs),
        ...costFigures(spent, value.complete),
        figure('all awake', 's', value.tookMs / 1_000),
        ...percentiles('ack', value.ackUs),
      ],
      faults: value.faults,
    };
  } finally {
    await loads.stop();
  }
};
