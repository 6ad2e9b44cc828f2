/** `npm run simulate`: whole systems in virtual time, each with its own faults. Ends with 1 when a law did not hold. */
import { Command, InvalidArgumentError } from 'commander';
import { chosenSeed } from '../chosen-seed.ts';
import { bugs } from './bugs/bugs.ts';
import { printReport } from './print-report.ts';
import { simulate } from './simulate.ts';
import { traceOf } from './trace.ts';

const TOLD_EVERY_MS = 2_000;
const VIOLATED_MAX = 10;

const whole = (value: string): number => {
  if (!/^\d{1,10}$/.test(value)) throw new InvalidArgumentError('expected a whole number');
  return Number(value);
};

const program = new Command('simulate')
  .description('Runs seeded histories of whole simulated systems and checks every invariant in each.')
  .option('--histories <n>', 'how many', whole, 1_000)
  .option('--seed <n>', 'of the first history; each next one has the next', whole, chosenSeed)
  .option('--bug <n>', `with a planted bug, to see it found: 1 to ${bugs.length}`, whole)
  .parse();
const { histories, seed, bug: planted } = program.opts<{ histories: number; seed: number; bug?: number }>();
const bug = planted === undefined ? undefined : bugs[planted - 1];

const startedAt = performance.now();
let toldAt = startedAt;
const report = await simulate({
  histories,
  seed,
  violatedMax: VIOLATED_MAX,
  ...(bug === undefined ? {} : { bug }),
  progress: (soFar) => {
    const now = performance.now();
    if (now - toldAt < TOLD_EVERY_MS) return;
    toldAt = now;
    process.stderr.write(`${soFar.histories} of ${histories} histories, ${soFar.violated.length} with violations\n`);
  },
});
process.stdout.write(printReport(report, seed, performance.now() - startedAt));
const [first] = report.violated;
if (first !== undefined) {
  process.stdout.write(`\nhow seed ${first.seed} came to it:\n${await traceOf(first.seed, bug)}\n`);
  process.exitCode = 1;
}
