import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildDist } from '../../infra/build.mjs';
import { seeded, shuffled } from '../demo/chance.ts';
import { runChaos } from './chaos.ts';
import { type Ground, openGround } from './ground.ts';
import { printReport } from './print-report.ts';
import { type Kind, kinds } from './strikes.ts';
import { isClean } from './verdict.ts';

/** The others are kinder forms of these, and take longer. */
const leftOut: readonly Kind[] = ['rolling', 'pause-nats', 'kill-redis'];
const seed = 1 + Math.floor(Math.random() * 1e6);

let ground: Ground | undefined;

beforeAll(async () => {
  if (!existsSync(fileURLToPath(new URL('../../dist/infra/cli/main.js', import.meta.url)))) await buildDist();
  ground = await openGround({ nats: 'one', machines: 1, workers: 2 });
}, 120_000);

afterAll(() => ground?.stop());

test('whatever is killed, paused or emptied: nothing is lost, doubled or out of order', async () => {
  if (ground === undefined) throw new Error('the servers run');
  const said: string[] = [];
  const plan = shuffled(
    kinds.filter((kind) => !leftOut.includes(kind)),
    seeded(seed),
  );
  const report = await runChaos(ground, { plan, seed, sessions: 12, thinkMs: 200, say: (line) => said.push(line) });
  const heading = [`chaos.test.ts, seed ${seed}`, ...said].join('\n');
  expect(isClean(report.verdict) ? '' : printReport(report, heading)).toBe('');
  expect(report.cycles.map(({ kind }) => kind)).toEqual(plan);
  expect(report.acked).toBeGreaterThan(plan.length);
}, 600_000);
