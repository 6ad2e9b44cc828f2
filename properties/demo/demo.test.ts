import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildDist } from '../../infra/build.mjs';
import { type Ambient, realAmbient } from '../../infra/client/index.ts';
import { seeded, shuffled } from './chance.ts';
import { runDemo } from './demo.ts';
import { type Dialogue, madeUpDialogues, readDialogues } from './dialogues.ts';
import { printReport } from './print-report.ts';
import { silent } from './progress.ts';
import { isClean, type Report } from './report.ts';
import { type BackendName, openStage, type Stage } from './stage.ts';
import type { Fault } from './strikes.ts';

const SHARED = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const path = process.env['KEFU_DIALOGUES'] ?? (existsSync(SHARED) ? SHARED : undefined);
const kind =
  path === undefined ? 'made-up dialogues (none recorded in ../shared/data or KEFU_DIALOGUES)' : 'recorded dialogues';

const ALL_MADE_UP = 300;
const SOME = 60;
const AGENTS = 12;

const seed = 1 + Math.floor(Math.random() * 1e6);
const all: readonly Dialogue[] = shuffled(
  path === undefined ? madeUpDialogues(ALL_MADE_UP, seed) : await readDialogues(path),
  seeded(seed),
);

/** Nobody waits long before reconnecting, so that a killed server is missed for as long as it is away and no longer. */
const ambient: Ambient = { ...realAmbient, random: () => Math.random() / 10 };

let stage: Stage | undefined;

beforeAll(async () => {
  if (!existsSync(fileURLToPath(new URL('../../dist/infra/cli/main.js', import.meta.url)))) await buildDist();
});

afterEach(async () => {
  await stage?.stop();
  stage = undefined;
});

/** Fails with the whole table when anything got lost. */
const playClean = async (
  backend: BackendName,
  fault: Fault,
  dialogues: readonly Dialogue[] = all.slice(0, SOME),
): Promise<Report> => {
  stage = await openStage(backend);
  const setting = { atOnce: Math.min(200, dialogues.length), agents: AGENTS, fault, seed };
  const report = await runDemo(stage, { ...setting, dialogues, progress: silent, ambient });
  expect(isClean(report) ? '' : printReport(report, { ...setting, stage, source: kind })).toBe('');
  expect(report.strikes).toHaveLength(fault === 'none' ? 0 : 2);
  return report;
};

describe(`${kind}: everybody gets everything, in order, once`, { timeout: 120_000 }, () => {
  test('embedded, all of them', async () => {
    const report = await playClean('embedded', 'none', all);
    expect(report.acked).toBe(all.reduce((sum, { turns }) => sum + turns.length, 0));
    expect(report.refusedClaims).toBeGreaterThan(0);
  });

  test('embedded, the server killed twice', async () => {
    const report = await playClean('embedded', 'kill-server');
    expect(report.reconnects).toBeGreaterThan(AGENTS);
  });

  test('NATS and Redis', async () => {
    const report = await playClean('nats', 'none');
    expect(report.closed).toBe(SOME);
  });

  test('NATS and Redis, the server killed twice', async () => {
    const report = await playClean('nats', 'kill-server');
    expect(report.reconnects).toBeGreaterThan(AGENTS);
  });

  test('NATS and Redis, nats-server killed twice', async () => {
    const report = await playClean('nats', 'kill-nats');
    for (const { what } of report.strikes) expect(what).toContain('nats-server');
  });

  test('NATS and Redis, redis-server killed twice', async () => {
    const report = await playClean('nats', 'kill-redis');
    for (const { what } of report.strikes) expect(what).toContain('redis-server');
  });

  test('NATS and Redis, Redis emptied twice', async () => {
    const report = await playClean('nats', 'flush-redis');
    for (const { what } of report.strikes) expect(what).toMatch(/with [1-9]\d* keys/);
  });
});
