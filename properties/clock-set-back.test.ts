/** The built server with its system clock really set back: ids still rise, and no session's time goes back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endRuns, kefu, type Run } from './contract/command-line.ts';
import { type FakeClock, fakeClock } from './servers/faketime.ts';

const OPENS = 60;
const folder = mkdtempSync(join(tmpdir(), 'kefu-set-back-'));
let clock: FakeClock;

beforeAll(async () => {
  clock = await fakeClock();
}, 120_000);

afterAll(() => {
  endRuns();
  rmSync(folder, { recursive: true, force: true });
});

const serve = async (): Promise<{ readonly run: Run; readonly url: string }> => {
  const run = kefu(['serve'], { ...clock.environment, KEFU_DATA_DIR: folder, KEFU_PORT: '0' });
  return { run, url: (await run.ready()).url };
};

const post = async (url: string, body: unknown, token?: string): Promise<Record<string, unknown>> => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const said = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${JSON.stringify(said)}`);
  return said;
};

/** Ids of sessions opened one after the other. */
const opens = async (url: string): Promise<string[]> => {
  const ids: string[] = [];
  for (let count = 0; count < OPENS; count++) ids.push(String((await post(`${url}/v1/sessions`, {}))['session']));
  return ids;
};

const livesAt = async (url: string): Promise<number> => {
  const { session, token } = await post(`${url}/v1/sessions`, {});
  const said = await post(
    `${url}/v1/sessions/${String(session)}/messages`,
    { clientId: 'm', text: 'hi' },
    String(token),
  );
  return Number(said['at']);
};

test('ids rise and times stand still while the clock goes back, also over a crash', { timeout: 60_000 }, async () => {
  const first = await serve();
  const { session, token } = await post(`${first.url}/v1/sessions`, {});
  const say = async (clientId: string): Promise<Record<string, unknown>> =>
    post(`${first.url}/v1/sessions/${String(session)}/messages`, { clientId, text: clientId }, String(token));
  const before = await say('before');
  const ids = await opens(first.url);
  clock.set('-1d');
  const back = await livesAt(first.url);
  ids.push(...(await opens(first.url)));
  const after = await say('after');
  clock.set('-40d');
  ids.push(...(await opens(first.url)));
  clock.set('-1h');
  ids.push(...(await opens(first.url)));

  expect(Date.now() - back, 'the server does go by the clock that was set').toBeGreaterThan(80_000_000);
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
  expect(String(after['messageId']) > String(before['messageId'])).toBe(true);
  expect(Number(after['at'])).toBeGreaterThanOrEqual(Number(before['at']));

  first.run.signal('SIGKILL');
  await first.run.exited;
  clock.set('-2d');
  const second = await serve();
  const later = await opens(second.url);
  expect(later).toEqual(later.toSorted());
  expect(new Set([...ids, ...later]).size).toBe(ids.length + later.length);
  second.run.signal('SIGTERM');
  expect(await second.run.exited).toBe(0);
});
