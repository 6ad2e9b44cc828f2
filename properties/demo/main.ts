/** `npm run demo`: plays recorded dialogues through a real Kefu and counts what got lost. Ends with 1 when anything did. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { seeded, shuffled } from './chance.ts';
import { runDemo } from './demo.ts';
import { type Dialogue, madeUpDialogues, readDialogues } from './dialogues.ts';
import { printReport } from './print-report.ts';
import { bar } from './progress.ts';
import { isClean } from './report.ts';
import { type BackendName, openStage, runningStage, type Stage } from './stage.ts';
import { type Fault, faults } from './strikes.ts';

const SHARED = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const shared = existsSync(SHARED) ? SHARED : undefined;
const MADE_UP = 300;

interface Options {
  readonly dialogues?: string;
  readonly backend: BackendName;
  readonly atOnce: number;
  readonly agents: number;
  readonly limit?: number;
  readonly url?: string;
  readonly secret?: string;
  readonly fault: Fault;
  readonly seed: number;
}

const positive = (value: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(value)) throw new InvalidArgumentError('expected a number of at least 1');
  return Number(value);
};

const program = new Command('demo')
  .description('Plays dialogues through a real Kefu, each side over a socket, and compares what every reader got.')
  .addOption(
    new Option(
      '--dialogues <path>',
      'an NDJSON file of {id, turns: [{role, text}]}, or a folder with dialogues*.ndjson',
    )
      .env('KEFU_DIALOGUES')
      .default(shared, shared === undefined ? 'made-up ones' : '../shared/data'),
  )
  .addOption(new Option('--backend <name>', 'what Kefu stands on').choices(['embedded', 'nats']).default('embedded'))
  .option('--at-once <n>', 'dialogues that run at the same time', positive, 200)
  .option('--agents <n>', 'agents, each with one socket for all their sessions', positive, 20)
  .option('--limit <n>', 'play only so many dialogues', positive)
  .option('--url <address>', 'play on a server that runs already; needs --secret')
  .addOption(new Option('--secret <key>', 'the KEFU_SECRET of that server').env('KEFU_SECRET'))
  .addOption(new Option('--fault <kind>', 'what goes wrong, twice, while it plays').choices(faults).default('none'))
  .option('--seed <n>', 'decides the order and when the fault strikes', positive, 1 + Math.floor(Math.random() * 1e6))
  .parse();

const options = program.opts<Options>();

const dialoguesOf = async ({ dialogues: path, limit, seed }: Options): Promise<readonly Dialogue[]> => {
  const all = path === undefined ? madeUpDialogues(MADE_UP, seed) : await readDialogues(path);
  return shuffled(all, seeded(seed)).slice(0, limit);
};

const wrong = (message: string): never => program.error(`error: ${message}`, { exitCode: 2 });

const stageOf = ({ url, secret, backend }: Options): Promise<Stage> => {
  if (url === undefined) return openStage(backend);
  return runningStage(url, secret ?? wrong('--url needs --secret, to sign the tokens of visitors and agents'));
};

const perform = async (): Promise<boolean> => {
  const dialogues = await dialoguesOf(options);
  const stage = await stageOf(options);
  try {
    const report = await runDemo(stage, { ...options, dialogues, progress: bar() });
    const source = options.dialogues ?? 'nowhere (made up)';
    process.stdout.write(printReport(report, { ...options, stage, source }));
    return isClean(report);
  } finally {
    await stage.stop();
  }
};

const { fault, url, backend } = options;
if (url !== undefined && fault !== 'none') wrong('--fault: only servers that the demo has started are harmed');
if (backend === 'embedded' && fault !== 'none' && fault !== 'kill-server')
  wrong(`--fault ${fault} needs --backend nats`);

try {
  process.exitCode = (await perform()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
