/** Waits until the views hold what they owe, so that their share of the work is counted with the rest. */
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenFor } from './load/gate.ts';
import type { Stage } from './stage.ts';

const LOOK_EVERY_MS = 25;
const LAG_MAX_MS = 10 * 60_000;

/**
 * Resolves when everything acknowledged is in the views. Each connection is another worker's turn, and each worker knows
 * what it has acknowledged itself.
 */
export const viewsCaughtUp = async ({ kefu, workers }: Stage): Promise<void> => {
  const deadline = performance.now() + LAG_MAX_MS;
  for (let caughtUp = 0; caughtUp < workers; ) {
    const lag = await lagOf(kefu.url);
    caughtUp = lag === 0 ? caughtUp + 1 : 0;
    if (lag === 0) continue;
    if (performance.now() > deadline) throw new Error(`the views are ${lag} positions behind after ${LAG_MAX_MS} ms`);
    await sleep(LOOK_EVERY_MS);
  }
};

/** The same for a Kefu that has acknowledged nothing yet: something is stored in many shards, and waited for. */
export const viewsRebuilt = async (stage: Stage): Promise<void> => {
  const gate = stage.gate('views');
  const headers = { authorization: `Bearer ${tokenFor(gate, 'service', 'last')}`, 'content-type': 'application/json' };
  await Promise.all(
    Array.from({ length: 16 * stage.workers }, async (_, index) => {
      const body = JSON.stringify({ clientId: `last-${index}` });
      const answer = await fetch(`${stage.kefu.url}/v1/sessions`, { method: 'POST', headers, body });
      if (answer.status !== 201) throw new Error(`a session could not be opened: ${answer.status}`);
    }),
  );
  await viewsCaughtUp(stage);
};

const lagOf = async (url: string): Promise<number> => {
  const answer = await fetch(`${url}/metrics`, { headers: { connection: 'close' } });
  const lag = /^kefu_view_lag_positions (\d+)/m.exec(await answer.text())?.[1];
  if (lag === undefined) throw new Error('/metrics has no kefu_view_lag_positions');
  return Number(lag);
};
