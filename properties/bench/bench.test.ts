import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bench } from './bench.ts';
import { drawCharts } from './charts.ts';
import { markdownOf } from './markdown.ts';
import { nodeMajor } from './provenance.ts';
import { record } from './record.ts';
import { valueOf } from './result.ts';
import { history } from './scenarios/history.ts';
import { message } from './scenarios/message.ts';

const LONG_MS = 120_000;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kefu-bench-results-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const briefly = { workers: 1, runs: 1, quick: true, profile: {}, command: 'npm run bench' } as const;

describe('a benchmark in its short form', { timeout: LONG_MS }, () => {
  test('of messages on NATS and Redis: everything said is acknowledged, delivered once and in history', async () => {
    const recorded = await bench([message], { ...briefly, backend: 'nats', sizes: [4] });
    expect(recorded.flatMap(({ faults }) => faults)).toEqual([]);
    expect(recorded.map(({ what }) => what)).toEqual(
      ['saturated', '25 %', '50 %', '70 %', '90 %', '150 %', '70 % of what 150 % comes to'].map(
        (load) => `4 sessions, ${load}`,
      ),
    );
    for (const each of recorded) {
      const parts = ['kefu', 'nats', 'redis'].map((server) => valueOf(each, 'of that', server) ?? 0);
      for (const part of parts) expect(part).toBeGreaterThan(0);
      expect(valueOf(each, 'CPU')).toBeCloseTo(parts.reduce((sum, part) => sum + part));
      expect(valueOf(each, 'rate')).toBeGreaterThan(0);
      expect(valueOf(each, 'delivery', 'p99')).toBeGreaterThanOrEqual(valueOf(each, 'delivery', 'p50') ?? 0);
    }
    const file = join(folder, 'results.ndjson');
    record(file, recorded);
    const all = record(file, recorded);
    expect(all).toHaveLength(recorded.length);
    expect(record(file, []), 'a page made later from the same file is the same').toEqual(all);
    const charts = drawCharts(all, folder);
    const drawing = `message-nats-node-${nodeMajor}.svg`;
    expect(readdirSync(folder)).toContain(drawing);
    expect(readFileSync(join(folder, drawing), 'utf8')).not.toContain('NaN');
    const page = markdownOf(all, [message], charts);
    expect(page).toContain('| 4 sessions, saturated |');
    expect(page).toContain(`](${drawing})`);
    expect(page).not.toMatch(/NaN|undefined/);
  });

  test('of histories, embedded: every page is the one that was asked for', async () => {
    const recorded = await bench([history], { ...briefly, backend: 'embedded', sizes: [1, 30] });
    expect(recorded.flatMap(({ faults }) => faults)).toEqual([]);
    expect(recorded).toHaveLength(2 * 2 * 2 * 2);
    for (const each of recorded) expect(valueOf(each, 'CPU')).toBeGreaterThan(0);
  });
});
