/** `npm run chaos`: strikes a running Kefu, again and again, and compares every client's record with the log. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { seeded } from '../demo/chance.ts';
import { runChaos } from './chaos.ts';
import { openGround } from './ground.ts';
import { printReport } from './print-report.ts';
import { type Kind, kinds } from './strikes.ts';
import { isClean } from './verdict.ts';

interface Options {
  readonly cycles: number;
  readonly seed: number;
  readonly nats: 'one' | 'three';
  readonly machines: number;
  readonly workers: number;
  readonly sessions: number;
  readonly thinkMs: number;
  readonly kinds: readonly Kind[];
  readonly main?: string;
  readonly log?: string;
}

const positive = (value: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(value)) throw new InvalidArgumentError('expected a number of at least 1');
  return Number(value);
};

const named = (value: string): readonly Kind[] =>
  value.split(',').map((name) => {
    const kind = kinds.find((each) => each === name);
    if (kind === undefined) throw new InvalidArgumentError(`expected some of ${kinds.join(', ')}`);
    return kind;
  });

const options = new Command('chaos')
  .description('Kills, pauses and restarts whatever a running Kefu consists of, and looks for what that has cost.')
  .option('--cycles <n>', 'faults, one after the other', positive, 20)
  .option('--seed <n>', 'decides which fault strikes whom', positive, 1 + Math.floor(Math.random() * 1e6))
  .addOption(new Option('--nats <servers>', 'nats-server processes').choices(['one', 'three']).default('one'))
  .option('--machines <n>', 'Kefu servers, each with a port of its own', positive, 1)
  .option('--workers <n>', 'processes of each Kefu server', positive, 2)
  .option('--sessions <n>', 'sessions that talk all the time', positive, 40)
  .option('--think-ms <n>', 'how long a person is silent between two messages, on average', positive, 300)
  .option('--kinds <list>', `faults to choose from, of ${kinds.join(', ')}`, named, kinds)
  .option('--main <file>', 'the built command line, when it is not that of dist/')
  .option('--log <file>', 'where the output of the Kefu servers is added')
  .parse()
  .opts<Options>();

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const perform = async (): Promise<boolean> => {
  const { seed, cycles, main, log, nats, machines, workers } = options;
  const heading = `chaos, seed ${seed}: nats ${nats}, ${machines} × ${workers} workers, ${options.sessions} sessions`;
  say(heading);
  const ground = await openGround({
    nats,
    machines,
    workers,
    ...(main === undefined ? {} : { main }),
    ...(log === undefined ? {} : { logFile: log }),
  });
  try {
    const chance = seeded(seed);
    const plan = Array.from({ length: cycles }, () => options.kinds[Math.floor(chance() * options.kinds.length)]);
    const report = await runChaos(ground, { ...options, plan: plan.filter((kind) => kind !== undefined), say });
    process.stdout.write(printReport(report, heading));
    return isClean(report.verdict);
  } finally {
    await ground.stop();
  }
};

try {
  process.exitCode = (await perform()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`chaos, seed ${options.seed}: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
