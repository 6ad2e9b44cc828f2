/** Waiting that a signal can cut short. */
import { setTimeout as wait } from 'node:timers/promises';

/** Resolves after so many milliseconds, or at once when the signal is raised; never rejects. */
export const pause = async (delayMs: number, signal: AbortSignal): Promise<void> => {
  await wait(delayMs, undefined, { signal }).catch(() => undefined);
};
