/** How long to wait before trying again. */
import type { Ambient } from './ambient.ts';
import { closeCodes } from './socket.ts';

interface Range {
  /** The upper bound of the first wait; it doubles with each further one. */
  readonly firstMs: number;
  readonly maxMs: number;
}

const RECONNECT: Range = { firstMs: 500, maxMs: 10_000 };
/** A server that restarts has told so: it, or another one, is there again soon, and all its clients come at once. */
const RESTART_MS = 1_500;
/** Restarts in a row that are believed. */
const RESTARTS_MAX = 3;
const FLOODING: Range = { firstMs: 10_000, maxMs: 120_000 };
const UNAVAILABLE: Range = { firstMs: 400, maxMs: 10_000 };

/** Full jitter: anything from 0 to the bound, so that many clients cut off together do not come back together. */
const jittered = ({ firstMs, maxMs }: Range, attempt: number, ambient: Ambient): number =>
  Math.floor(ambient.random() * Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 20)));

/** Milliseconds until connection attempt number `attempt` (0 is the first after a loss) after a close with `code`. */
export const reconnectDelayMs = (code: number, attempt: number, ambient: Ambient): number => {
  if (code === closeCodes.restarting && attempt < RESTARTS_MAX) return Math.floor(ambient.random() * RESTART_MS);
  if (code === closeCodes.flooding) return FLOODING.firstMs + jittered(FLOODING, attempt, ambient);
  return jittered(RECONNECT, attempt, ambient);
};

/** Milliseconds until what was refused as `unavailable` for the `attempt`th time (from 0) is asked again. */
export const unavailableDelayMs = (attempt: number, ambient: Ambient): number =>
  UNAVAILABLE.firstMs / 2 + jittered(UNAVAILABLE, attempt, ambient);
