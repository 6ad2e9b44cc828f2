/** `npm run past`: writes dialogues into the log that KEFU_* names, as a month gone by, to try `kefu export` and `whatif` on. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { openBackends } from '../../infra/backends.ts';
import { progress } from '../../infra/cli/progress.ts';
import { sideNow } from '../../infra/cli/whatif/policy-file.ts';
import { readConfig } from '../../infra/config.ts';
import { makeLogger } from '../../infra/logging.ts';
import { readDialogues } from '../demo/dialogues.ts';
import { ownDialogues } from './dialogues.ts';
import { writePast } from './write-past.ts';

interface Options {
  readonly dialogues?: string;
  readonly tenant: string;
  readonly days: number;
  readonly limit?: number;
  readonly seed: number;
}

const positive = (value: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(value)) throw new InvalidArgumentError('expected a number of at least 1');
  return Number(value);
};
const DAY_MS = 86_400_000;

const {
  dialogues: path,
  tenant,
  days,
  limit,
  seed,
} = new Command('past')
  .description('Writes dialogues into the log that KEFU_* names, as sessions of the past days.')
  .addOption(
    new Option(
      '--dialogues <path>',
      'an NDJSON file of {id, turns: [{role, text}]}, or a folder with dialogues*.ndjson',
    )
      .env('KEFU_DIALOGUES')
      .default(undefined, 'a few of our own'),
  )
  .option('--tenant <name>', 'whose they are', 'default')
  .option('--days <n>', 'over how many days up to now', positive, 30)
  .option('--limit <n>', 'only so many', positive)
  .option('--seed <n>', 'decides waits and scores', positive, 1)
  .parse()
  .opts<Options>();

try {
  const config = readConfig();
  const dialogues = (path === undefined ? ownDialogues : await readDialogues(path)).slice(0, limit);
  const backends = await openBackends(config, makeLogger('silent'));
  try {
    const bar = progress('past', dialogues.length);
    const [spreadMs, side] = [days * DAY_MS, await sideNow(config)];
    const past = { dialogues, side, tenant, spreadMs, startAt: Date.now() - spreadMs, seed };
    await writePast(backends.log, { ...past, written: (sessions) => bar.reached(sessions) });
    bar.done(`${dialogues.length} sessions`);
  } finally {
    await backends.close();
  }
} catch (error) {
  process.stderr.write(`past: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
