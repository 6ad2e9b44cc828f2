/** Waits until the views hold everything acknowledged, so that their share of the work is counted with the rest. */
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;
const LAG_MAX_MS = 60_000;

/** Each connection is another worker's turn, and each worker knows what it has acknowledged itself. */
export const untilViewsCaughtUp = async (port: number, workers: number): Promise<void> => {
  const deadline = performance.now() + LAG_MAX_MS;
  for (let caughtUp = 0; caughtUp < workers; ) {
    const lag = await lagOf(port);
    caughtUp = lag === 0 ? caughtUp + 1 : 0;
    if (lag === 0) continue;
    if (performance.now() > deadline) throw new Error(`the views are ${lag} positions behind after ${LAG_MAX_MS} ms`);
    await sleep(LOOK_EVERY_MS);
  }
};

const lagOf = async (port: number): Promise<number> => {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } });
  const lag = /^kefu_view_lag_positions (\d+)/m.exec(await answer.text())?.[1];
  if (lag === undefined) throw new Error('/metrics has no kefu_view_lag_positions');
  return Number(lag);
};
