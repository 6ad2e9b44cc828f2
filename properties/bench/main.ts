/** `npm run bench`: what an operation costs, on real servers, with load from processes of its own. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { printTable } from './print-table.ts';
import { type Case, gathered } from './result.ts';
import type { Scenario } from './scenario.ts';
import { catchUp } from './scenarios/catch-up.ts';
import { coldStart } from './scenarios/cold-start.ts';
import { connection } from './scenarios/connection.ts';
import { growth } from './scenarios/growth.ts';
import { history } from './scenarios/history.ts';
import { message } from './scenarios/message.ts';
import { session } from './scenarios/session.ts';
import { type Backend, backends } from './stage.ts';

const scenarios: readonly Scenario[] = [message, session, history, connection, catchUp, coldStart, growth];

interface Options {
  readonly backend: Backend;
  readonly workers: number;
  readonly runs: number;
  readonly quick: boolean;
  readonly sizes?: readonly number[];
}

const positive = (value: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(value)) throw new InvalidArgumentError('expected a number of at least 1');
  return Number(value);
};

const program = new Command('bench')
  .description(
    'Measures CPU time per operation, summed over every server process, with throughput and latency beside it.',
  )
  .argument('[scenario...]', `of ${scenarios.map(({ name }) => name).join(', ')}; all of them where none is named`)
  .addOption(new Option('--backend <name>', 'what Kefu stands on').choices(backends).default('nats'))
  .option('--workers <n>', 'Kefu processes', positive, 1)
  .option('--runs <n>', 'how often everything is measured, on fresh servers', positive, 3)
  .option('--quick', 'a short form, to see that it works', false)
  .option('--sizes <list>', 'sizes to measure with, instead of the scenario’s own', (list) =>
    list.split(',').map(positive),
  )
  .parse();

const options = program.opts<Options>();

const wanted = (names: readonly string[]): readonly Scenario[] => {
  if (names.length === 0) return scenarios;
  return names.map((name) => {
    const found = scenarios.find((scenario) => scenario.name === name);
    return found ?? program.error(`error: there is no scenario ${name}`, { exitCode: 2 });
  });
};

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const bench = async (): Promise<readonly Case[]> => {
  const { backend, workers, quick, sizes } = options;
  const cases: Case[] = [];
  for (const scenario of wanted(program.args)) {
    const runs = [];
    for (let run = 1; run <= (quick ? 1 : options.runs); run++)
      runs.push(
        await scenario.run({ backend, workers, quick, sizes, say: (what) => say(`${scenario.name}: ${what}`) }),
      );
    cases.push(...gathered({ scenario: scenario.name, backend, workers }, runs));
  }
  return cases;
};

try {
  const cases = await bench();
  for (const scenario of scenarios) {
    const its = cases.filter((each) => each.scenario === scenario.name);
    if (its.length > 0) process.stdout.write(`\n${scenario.name}\n${printTable(its)}\n`);
  }
  const faults = cases.flatMap(({ what, faults: found }) => found.map((fault) => `${what}: ${fault}`));
  for (const fault of faults) say(`FAULT ${fault}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} catch (error) {
  say(`bench: ${error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = 1;
}
