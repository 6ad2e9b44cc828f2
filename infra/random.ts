/** The one place that draws random numbers. */
import { randomBytes, randomInt } from 'node:crypto';

/** So many random bytes, as base64url. */
export const randomToken = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** An integer from 0 up to, but not including, `bound`. */
export const randomBelow = (bound: number): number => randomInt(bound);
