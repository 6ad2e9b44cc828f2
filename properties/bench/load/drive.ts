/**
 * Makes requests: at a given rate whatever the server does (open), or so many at a time, each followed by another as soon
 * as it is complete (closed).
 */
import type { Chance } from '../../demo/chance.ts';
import type { HistogramCounts } from '../histogram.ts';
import type { Ledger } from './ledger.ts';

/** Those who make requests, by number. */
export interface Askers {
  readonly ledger: Ledger;
  /** What went wrong that belongs to no request. */
  readonly failures: string[];
  /** Makes a request, to be sent with the asker's next flush; whether it is the first that waits for it. */
  ask(asker: number, meantMs: number, nowMs: number): boolean;
  flush(asker: number): void;
  /** A stretch is over: its ledger is taken in and another one begun. */
  turnPage(): void;
}

export type Pace =
  | { readonly kind: 'open'; readonly perSecond: number; readonly arrivals: 'poisson' | 'even' }
  | { readonly kind: 'closed'; readonly atOnce: number };

export interface Plan {
  readonly pace: Pace;
  readonly durationMs: number;
  /** The first asker, and how many of them take part. */
  readonly from: number;
  readonly askers: number;
  /** Ends the stretch early. */
  readonly requestsMax: number;
  /** When nothing was completed for so long while something is missing, it will not come: 15 s unless told. */
  readonly stillMaxMs?: number;
}

export interface Driven {
  readonly asked: number;
  readonly complete: number;
  /** From the first request to the last completion. */
  readonly tookMs: number;
  readonly ackUs: HistogramCounts;
  readonly deliveryUs: HistogramCounts;
  readonly lateUs: HistogramCounts;
  readonly faults: readonly string[];
}

/** How often requests that are due are sent, in milliseconds: what is due within it leaves together. */
const TICK_MS = 1;
const STILL_MAX_MS = 15_000;
const LOOK_EVERY_MS = 5;

export const drive = async (askers: Askers, plan: Plan, chance: Chance): Promise<Driven> => {
  const { ledger } = askers;
  const startMs = performance.now();
  let completedAtMs = startMs;
  const asking =
    plan.pace.kind === 'open' ? driveOpen(askers, plan, plan.pace, chance) : driveClosed(askers, plan, plan.pace);
  const next = ledger.onComplete;
  ledger.onComplete = () => {
    completedAtMs = performance.now();
    next();
  };
  await asking;
  await untilComplete(ledger, plan.stillMaxMs ?? STILL_MAX_MS);
  ledger.onComplete = () => undefined;
  const driven = {
    asked: ledger.asked,
    complete: ledger.complete,
    tookMs: completedAtMs - startMs,
    ackUs: ledger.ackUs.toJSON(),
    deliveryUs: ledger.deliveryUs.toJSON(),
    lateUs: ledger.lateUs.toJSON(),
    faults: faultsOf(askers),
  };
  askers.turnPage();
  return driven;
};

/** Latency counts from when a request was due, so that a server which stalls is not spared what it has kept waiting. */
const driveOpen = (
  askers: Askers,
  { durationMs, from, askers: count, requestsMax }: Plan,
  pace: Extract<Pace, { kind: 'open' }>,
  chance: Chance,
): Promise<void> => {
  const meanMs = 1_000 / pace.perSecond;
  const gapMs = (): number => (pace.arrivals === 'even' ? meanMs : -Math.log(1 - chance()) * meanMs);
  return new Promise((resolve) => {
    const startMs = performance.now();
    const endMs = startMs + durationMs;
    let dueMs = startMs + gapMs();
    let left = requestsMax;
    const tick = (): void => {
      const nowMs = performance.now();
      const waiting: number[] = [];
      for (; dueMs <= nowMs && dueMs < endMs && left > 0; dueMs += gapMs(), left -= 1) {
        const asker = from + Math.floor(chance() * count);
        if (askers.ask(asker, dueMs, nowMs)) waiting.push(asker);
      }
      for (const asker of waiting) askers.flush(asker);
      if (dueMs < endMs && left > 0) setTimeout(tick, TICK_MS);
      else resolve();
    };
    tick();
  });
};

/** Next is whoever has been silent for the longest time. */
const driveClosed = (
  askers: Askers,
  { durationMs, from, askers: count, requestsMax }: Plan,
  { atOnce }: Extract<Pace, { kind: 'closed' }>,
): Promise<void> =>
  new Promise((resolve) => {
    const endMs = performance.now() + durationMs;
    let [turn, left, due] = [0, requestsMax, atOnce];
    let isSending = false;
    const send = (): void => {
      isSending = false;
      const nowMs = performance.now();
      if (nowMs >= endMs || left === 0) {
        resolve();
        return;
      }
      const waiting: number[] = [];
      for (; due > 0 && left > 0; due -= 1, left -= 1) {
        const asker = from + (turn++ % count);
        if (askers.ask(asker, nowMs, nowMs)) waiting.push(asker);
      }
      for (const asker of waiting) askers.flush(asker);
    };
    askers.ledger.onComplete = () => {
      due += 1;
      if (isSending) return;
      isSending = true;
      setImmediate(send);
    };
    send();
    // A server that answers nothing must not keep this waiting.
    setTimeout(resolve, durationMs);
  });

/** Waits for whatever is under way, as long as anything comes. */
const untilComplete = async (ledger: Ledger, stillMaxMs: number): Promise<void> => {
  let [complete, sinceMs] = [ledger.complete, performance.now()];
  while (ledger.complete < ledger.asked) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    if (ledger.complete > complete) [complete, sinceMs] = [ledger.complete, performance.now()];
    else if (performance.now() - sinceMs > stillMaxMs) return;
  }
};

const faultsOf = ({ ledger, failures }: Askers): readonly string[] => [
  ...ledger.stages
    .map((stage) => [ledger.missing(stage), stage] as const)
    .filter(([missing]) => missing > 0)
    .map(([missing, stage]) => `${missing} of ${ledger.asked} requests were never ${stage}`),
  ...(ledger.again > 0 ? [`${ledger.again} answers or events came twice, or for nothing that was asked`] : []),
  ...failures.splice(0),
];
