/** How many tests passed and failed, from vitest's JSON report. */
import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * A run that failed without a failed test (a file that does not load, an error outside of tests, no report at all) still
 * counts as one failed.
 * @param {string} report path of vitest's JSON report
 * @param {boolean} runPassed whether vitest ended with 0
 * @param {number} failedSteps how many of the other steps failed
 * @returns {Counts}
 */
export const readCounts = (report, runPassed, failedSteps) => {
  const read = readReport(report);
  const failed = runPassed ? read.failed : Math.max(1, read.failed);
  return { passed: read.passed, failed: failed + failedSteps, skipped: read.skipped };
};

/**
 * @param {string} path
 * @returns {Counts}
 */
const readReport = (path) => {
  try {
    const report = /** @type {Record<string, unknown>} */ (JSON.parse(readFileSync(path, 'utf8')));
    /** @param {string} name */
    const count = (name) => Number(report[name] ?? 0);
    const skipped = count('numPendingTests') + count('numTodoTests');
    return { passed: count('numPassedTests'), failed: count('numFailedTests'), skipped };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
};

/**
 * The line that ends a run.
 * @param {Counts} counts
 */
export const summary = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
