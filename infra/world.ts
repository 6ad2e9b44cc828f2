/** The world as it is, for the actors. */
import type { Logger } from 'pino';
import type { World } from '../actors/world.ts';
import type { Clock } from './clock.ts';

export const realWorld = (clock: Clock, freshId: World['freshId'], logger: Logger): World => ({
  now: clock.now,
  monotonicMs: clock.monotonicMs,
  freshId,
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    // Housekeeping alone is no reason for the process to live on.
    timer.unref();
    return () => clearTimeout(timer);
  },
  report: (trouble, { error, ...detail }) => {
    logger.warn({ ...detail, ...(error === undefined ? {} : { err: error }) }, trouble);
  },
});
