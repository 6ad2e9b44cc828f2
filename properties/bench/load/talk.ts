/**
 * Visitors talk: at a given rate whatever the server does (open), or so many messages at a time, each followed by another
 * as soon as it is acknowledged and seen by both sides (closed).
 */
import type { Chance } from '../../demo/chance.ts';
import type { Crowd } from './crowd.ts';

export interface TalkPlan {
  readonly pace:
    | { readonly kind: 'open'; readonly perSecond: number; readonly arrivals: 'poisson' | 'even' }
    | { readonly kind: 'closed'; readonly atOnce: number };
  readonly durationMs: number;
  /** The first of the sessions in which somebody talks, and how many of them there are. */
  readonly from: number;
  readonly sessions: number;
  /** Ends the talk early, because a session holds only so much. */
  readonly messagesMax: number;
}

export interface Talked {
  readonly said: number;
  readonly complete: number;
  /** From the first message to the last completion. */
  readonly tookMs: number;
  readonly ackUs: readonly (readonly [number, number])[];
  readonly deliveryUs: readonly (readonly [number, number])[];
  readonly lateUs: readonly (readonly [number, number])[];
  readonly faults: readonly string[];
}

/** How often messages that are due are sent, in milliseconds: what is due at about the same time leaves together. */
const TICK_MS = 1;
/** Nothing completed for so long while something is missing: it will not come. */
const STILL_MAX_MS = 10_000;
const LOOK_EVERY_MS = 5;

export const talk = async (crowd: Crowd, plan: TalkPlan, chance: Chance): Promise<Talked> => {
  const { ledger } = crowd;
  const startMs = performance.now();
  let completedAtMs = startMs;
  const stillTalking = plan.pace.kind === 'open' ? talkOpen(crowd, plan, chance) : talkClosed(crowd, plan);
  const next = ledger.onComplete;
  ledger.onComplete = () => {
    completedAtMs = performance.now();
    next();
  };
  await stillTalking;
  await untilComplete(crowd);
  ledger.onComplete = () => undefined;
  const talked = {
    said: ledger.said,
    complete: ledger.complete,
    tookMs: completedAtMs - startMs,
    ackUs: ledger.ackUs.toJSON(),
    deliveryUs: ledger.deliveryUs.toJSON(),
    lateUs: ledger.lateUs.toJSON(),
    faults: faultsOf(crowd),
  };
  crowd.turnPage();
  return talked;
};

/** Latency counts from when a message was due, so that a server which stalls is not spared what it has kept waiting. */
const talkOpen = (crowd: Crowd, plan: TalkPlan, chance: Chance): Promise<void> => {
  const { pace, durationMs, from, sessions, messagesMax } = plan;
  if (pace.kind !== 'open') throw new Error('an open pace is wanted');
  const meanMs = 1_000 / pace.perSecond;
  const gapMs = (): number => (pace.arrivals === 'even' ? meanMs : -Math.log(1 - chance()) * meanMs);
  return new Promise((resolve) => {
    const startMs = performance.now();
    let dueMs = startMs + gapMs();
    let left = messagesMax;
    const tick = (): void => {
      const nowMs = performance.now();
      const waiting: number[] = [];
      for (; dueMs <= nowMs && dueMs < startMs + durationMs && left > 0; dueMs += gapMs(), left -= 1) {
        const speaker = from + Math.floor(chance() * sessions);
        if (crowd.say(speaker, dueMs, nowMs)) waiting.push(speaker);
      }
      for (const speaker of waiting) crowd.flush(speaker);
      if (dueMs < startMs + durationMs && left > 0) setTimeout(tick, TICK_MS);
      else resolve();
    };
    tick();
  });
};

/** Who speaks next is whoever has been silent for the longest time. */
const talkClosed = (crowd: Crowd, plan: TalkPlan): Promise<void> => {
  const { pace, durationMs, from, sessions, messagesMax } = plan;
  if (pace.kind !== 'closed') throw new Error('a closed pace is wanted');
  return new Promise((resolve) => {
    const endMs = performance.now() + durationMs;
    let [turn, left, due] = [0, messagesMax, pace.atOnce];
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
        const speaker = from + (turn++ % sessions);
        if (crowd.say(speaker, nowMs, nowMs)) waiting.push(speaker);
      }
      for (const speaker of waiting) crowd.flush(speaker);
    };
    crowd.ledger.onComplete = () => {
      due += 1;
      if (isSending) return;
      isSending = true;
      setImmediate(send);
    };
    send();
  });
};

/** Waits for whatever is under way, as long as anything comes. */
const untilComplete = async ({ ledger }: Crowd): Promise<void> => {
  let [complete, sinceMs] = [ledger.complete, performance.now()];
  while (ledger.complete < ledger.said) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    if (ledger.complete > complete) [complete, sinceMs] = [ledger.complete, performance.now()];
    else if (performance.now() - sinceMs > STILL_MAX_MS) return;
  }
};

const faultsOf = ({ ledger, failures }: Crowd): readonly string[] => [
  ...(['acked', 'delivered', 'echoed'] as const)
    .map((stage) => [ledger.missing(stage), stage] as const)
    .filter(([missing]) => missing > 0)
    .map(([missing, stage]) => `${missing} of ${ledger.said} messages were never ${stage}`),
  ...(ledger.again > 0 ? [`${ledger.again} acks or events came twice, or for nothing that was said`] : []),
  ...failures.splice(0),
];
