import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readCounts, summary } from './counts.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kefu-counts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const reportOf = (content: string): string => {
  const path = join(folder, 'report.json');
  writeFileSync(path, content);
  return path;
};

test('counts come from the report, and a failed step adds one', () => {
  const path = reportOf(JSON.stringify({ numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 }));
  expect(readCounts(path, false, 1)).toEqual({ passed: 7, failed: 3, skipped: 2 });
});

test('a run that failed without a failed test counts as one failed', () => {
  const path = reportOf(JSON.stringify({ numPassedTests: 7, numFailedTests: 0 }));
  expect(readCounts(path, false, 0).failed).toBe(1);
  expect(readCounts(path, true, 0).failed).toBe(0);
});

test('a missing report is a failure whatever else was said', () => {
  expect(readCounts(join(folder, 'nowhere.json'), true, 0).failed).toBe(1);
});

test('the last line names skipped tests only when there are any', () => {
  expect(summary({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(summary({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});
