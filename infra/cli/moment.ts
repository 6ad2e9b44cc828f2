/** A moment on the command line: a date and time, or Unix milliseconds. */
import { WrongUsage } from './exit.ts';

/** Unix milliseconds; not a number where it is no moment. */
export const momentOf = (value: string): number => (/^\d{10,16}$/.test(value) ? Number(value) : Date.parse(value));

export interface Period {
  /** Unix milliseconds, both included. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Throws {@link WrongUsage}. What is not named has no end. */
export const periodOf = ({ since, until }: { readonly since?: string; readonly until?: string }): Period => {
  const sinceMs = since === undefined ? Number.NEGATIVE_INFINITY : momentOf(since);
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : momentOf(until);
  for (const [option, value] of [
    ['--since', sinceMs],
    ['--until', untilMs],
  ] as const)
    if (Number.isNaN(value))
      throw new WrongUsage(`${option}: expected a time such as 2026-11-23T08:00:00Z, or Unix milliseconds`);
  if (sinceMs > untilMs) throw new WrongUsage('--since: expected a time before --until');
  return { sinceMs, untilMs };
};
