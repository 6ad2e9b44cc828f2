/** `npm run bench`: what an operation costs, on real servers, with load from processes of its own. */
import { writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { bench } from './bench.ts';
import { drawCharts } from './charts.ts';
import { markdownOf } from './markdown.ts';
import { printTable } from './print-table.ts';
import { type Recorded, record } from './record.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { type Backend, backends } from './stage.ts';

interface Options {
  readonly backend: Backend;
  readonly workers: number;
  readonly runs: number;
  readonly quick: boolean;
  readonly sizes?: readonly number[];
  readonly cpus?: number;
  readonly memory?: number;
  readonly json?: string;
  readonly markdown?: string;
  readonly svg?: string;
}

const positive = (value: string): number => {
  if (!/^[1-9]\d{0,7}$/.test(value)) throw new InvalidArgumentError('expected a number of at least 1');
  return Number(value);
};

/** Sizes may be 0: a log that is empty is one to start on. */
const sizes = (value: string): readonly number[] => {
  if (!/^\d{1,8}(,\d{1,8})*$/.test(value)) throw new InvalidArgumentError('expected numbers, separated by commas');
  return value.split(',').map(Number);
};

const bytes = (value: string): number => {
  const parsed = /^([1-9]\d{0,5})([mg])$/i.exec(value);
  if (parsed === null) throw new InvalidArgumentError('expected a size such as 512m or 8g');
  return Number(parsed[1]) * (parsed[2]?.toLowerCase() === 'g' ? 2 ** 30 : 2 ** 20);
};

const program = new Command('bench')
  .description('Measures CPU time per operation, summed over every server process, with rate and latency beside it.')
  .argument('[scenario...]', `of ${scenarios.map(({ name }) => name).join(', ')}; all of them where none is named`)
  .addOption(new Option('--backend <name>', 'what Kefu stands on').choices(backends).default('nats'))
  .option('--workers <n>', 'Kefu processes', positive, 1)
  .option('--runs <n>', 'how often everything is measured, on fresh servers', positive, 3)
  .option('--quick', 'a short form of one run, to see that it works', false)
  .option(
    '--sizes <list>',
    `instead of a scenario’s own: ${scenarios.map((each) => `${each.name}: ${each.sizes}`).join('; ')}`,
    sizes,
  )
  .option('--cpus <n>', 'cores for the servers, where the machine has more', positive)
  .option('--memory <size>', 'memory for the servers, such as 8g', bytes)
  .option('--json <file>', 'adds the results to a file, a case a line, in the place of older ones of the same case')
  .option('--markdown <file>', 'writes a page of all results in the file of --json, or of these')
  .option('--svg <folder>', 'draws charts of the same')
  .addHelpText('after', `\nScenarios:\n${scenarios.map(({ name, about }) => `  ${name}: ${about}`).join('\n')}`)
  .parse();

const options = program.opts<Options>();

const wanted = (names: readonly string[]): readonly Scenario[] => {
  if (names.length === 0) return scenarios;
  return names.map((name) => {
    const found = scenarios.find((scenario) => scenario.name === name);
    return found ?? program.error(`error: there is no scenario ${name}`, { exitCode: 2 });
  });
};

/** The tables of these results on standard output, and everything that is known where it was asked for. */
const report = (fresh: readonly Recorded[]): void => {
  const { json, markdown, svg } = options;
  for (const { name } of scenarios) {
    const its = fresh.filter(({ scenario }) => scenario === name);
    if (its.length > 0) process.stdout.write(`\n${name}\n${printTable(its)}\n`);
  }
  const all = json === undefined ? fresh : record(json, fresh);
  const charts = svg === undefined ? [] : drawCharts(all, svg);
  if (markdown === undefined) return;
  const toCharts = relative(dirname(markdown), svg ?? '.');
  const linked = charts.map((chart) => ({ ...chart, path: join(toCharts, chart.path) }));
  writeFileSync(markdown, markdownOf(all, scenarios, linked));
};

/** Without the places where results go, which are nobody else's. */
const asCalled = process.argv
  .slice(2)
  .filter((word, at, words) => ![word, words[at - 1] ?? ''].some((each) => /^--(json|markdown|svg)$/.test(each)));

const say = (line: string): void => void process.stderr.write(`${line}\n`);

// Ends everything that was started: see the servers' own `child.ts`.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

try {
  const { backend, workers, quick, cpus, memory } = options;
  const fresh = await bench(wanted(program.args), {
    backend,
    workers,
    quick,
    runs: quick ? 1 : options.runs,
    sizes: options.sizes,
    profile: {
      ...(cpus === undefined ? {} : { cores: cpus }),
      ...(memory === undefined ? {} : { memoryBytes: memory }),
    },
    command: ['npm run bench --', ...asCalled].join(' '),
  });
  report(fresh);
  const faults = fresh.flatMap(({ what, faults: found }) => found.map((fault) => `${what}: ${fault}`));
  for (const fault of faults) say(`FAULT ${fault}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} catch (error) {
  say(`bench: ${error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = 1;
}
