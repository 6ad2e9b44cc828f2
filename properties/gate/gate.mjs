/**
 * `npm test`: everything that must hold before a change goes in, the same for a person and for a machine.
 *
 * Every step runs even when an earlier one failed, so that one run shows all there is to mend. The last line says alone how
 * many tests passed and failed; a step that failed counts as one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCounts, summary } from './counts.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kefu-gate-'));
const report = join(folder, 'vitest.json');

/** @type {ReadonlyArray<readonly [heading: string, command: string, args: readonly string[]]>} */
const steps = [
  ['format', 'biome', ['check', '--error-on-warnings', '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings', '.']],
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['types in a browser', 'tsc', ['-p', 'tsconfig.browser.json']],
  ['build', process.execPath, ['infra/build.mjs']],
];

/**
 * @param {string} heading
 * @param {string} command
 * @param {readonly string[]} args
 */
const passes = (heading, command, args) => {
  console.log(`\n── ${heading}`);
  const path = command.startsWith('/') ? command : join(root, 'node_modules/.bin', command);
  const { status, error } = spawnSync(path, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) console.log(error.message);
  if (status !== 0) console.log(`✗ ${heading} failed`);
  return status === 0;
};

try {
  const failedSteps = steps.filter(([heading, command, args]) => !passes(heading, command, args)).length;
  const testsPassed = passes('tests', 'vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ]);
  const counts = readCounts(report, testsPassed, failedSteps);
  process.exitCode = counts.failed === 0 ? 0 : 1;
  console.log(`\n${summary(counts)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
