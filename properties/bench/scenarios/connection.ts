/** Connections that do nothing: what each costs with its session attached, and what it takes to get all of them back at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { costFigures, measured } from '../cost.ts';
import type { Load } from '../loads.ts';
import { Loads } from '../loads.ts';
import { usagesOf } from '../processes.ts';
import { type Figure, type Finding, figure } from '../result.ts';
import { count, type RunOptions, type Scenario } from '../scenario.ts';
import { openStage, type Stage } from '../stage.ts';
import { percentiles } from '../stretch.ts';

const CONNECTIONS = 18_000;
const CONNECTIONS_QUICK = 300;
/** Visitors who come at the same time before the storm: enough to be quick, few enough to wait for nobody. */
const ARRIVING_AT_ONCE = 200;
const IDLE_MS = 10_000;
const IDLE_QUICK_MS = 500;
const STORM_MAX_MS = 120_000;

export const connection: Scenario = {
  name: 'connection',
  about:
    'Visitors with a socket and a session each who say nothing. Memory is what the server’s processes have grown by, per ' +
    'connection, with its session’s actor in memory; the CPU of idling is per connection and second. In a storm all of ' +
    'them lose the socket at once and come back without any jitter, up to 2,000 handshakes of a load process under way; ' +
    'then the same after the server itself was killed and started again. Latency counts from the storm’s begin.',
  sizes: 'connections',
  run: async (options) => {
    const findings: Finding[] = [];
    for (const connections of options.sizes ?? [options.quick ? CONNECTIONS_QUICK : CONNECTIONS])
      findings.push(...(await runWith(connections, options)));
    return findings;
  },
};

const runWith = async (connections: number, options: RunOptions): Promise<readonly Finding[]> => {
  const stage = await openStage(options);
  try {
    const loads = await Loads.start(connections, (load, _, name) => load.ask('dwellers', stage.gate(name)));
    try {
      const what = count(connections, 'connection');
      options.say(`${what} come in`);
      const empty = usagesOf(stage.groups());
      const arrived = await come(loads, connections, ARRIVING_AT_ONCE);
      options.say(`${what}, idle`);
      const { spent } = await measured(
        () => stage.groups(),
        loads.pids,
        () => sleep(options.quick ? IDLE_QUICK_MS : IDLE_MS),
      );
      const perConnection = Object.entries(usagesOf(stage.groups())).map(([name, { rssBytes }]) =>
        figure('memory each', 'KB', (rssBytes - (empty[name]?.rssBytes ?? 0)) / 1_024 / connections, name),
      );
      const idle: Finding = {
        what: `${what}, idle`,
        figures: [...costFigures(spent, (connections * spent.tookMs) / 1_000), ...perConnection],
        faults: arrived.faults,
      };
      options.say(`${what}, all back at once`);
      await Promise.all(loads.processes.map((load) => load.ask('drop', undefined)));
      const storm = await returning(stage, loads, connections);
      options.say(`${what}, all back after the server was killed`);
      await Promise.all(loads.processes.map((load) => load.ask('drop', undefined)));
      await stage.kefu.kill();
      await stage.kefu.restart();
      const restarted = await returning(stage, loads, connections);
      return [
        idle,
        { what: `${what}, all back at once`, ...storm },
        { what: `${what}, all back after a restart`, ...restarted },
      ];
    } finally {
      await loads.stop();
    }
  } finally {
    await stage.stop();
  }
};

const come = (loads: Loads, connections: number, atOnce: number): Promise<Load> =>
  loads.drive({ pace: { kind: 'closed', atOnce }, durationMs: STORM_MAX_MS, requestsMax: connections });

const returning = async (stage: Stage, loads: Loads, connections: number): Promise<Omit<Finding, 'what'>> => {
  const { value, spent } = await measured(
    () => stage.groups(),
    loads.pids,
    () => come(loads, connections, connections),
  );
  const took: Figure = figure('all back', 's', value.tookMs / 1_000);
  return {
    figures: [
      took,
      ...costFigures(spent, value.complete),
      ...percentiles('connected', value.ackUs),
      ...percentiles('joined', value.deliveryUs),
    ],
    faults: value.complete === connections ? value.faults : [`${value.complete} came back`, ...value.faults],
  };
};
