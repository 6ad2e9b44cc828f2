/** The short form of `npm run simulate`. */
import { expect, test } from 'vitest';
import { chosenSeed, runs, sayWhere } from '../chosen-seed.ts';
import { runHistory } from './history.ts';
import { sayViolations, simulate } from './simulate.ts';

const HISTORIES = 120;

test('every law holds in every simulated history', async () => {
  console.log(sayWhere('simulation'));
  const report = await simulate({ histories: runs(HISTORIES), seed: chosenSeed, violatedMax: 1 });
  expect(sayViolations(report)).toBe('');
  expect(report.acknowledged).toBeGreaterThan(report.histories);
}, 600_000);

test('one seed is one history', async () => {
  const tell = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    await runHistory({ seed: chosenSeed, trace: (line) => lines.push(line) });
    return lines;
  };
  expect(await tell()).toEqual(await tell());
});
