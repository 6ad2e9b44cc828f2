/**
 * A message: said by a visitor, stored, acknowledged, seen by the agent and by the visitor, and in the views.
 *
 * First as many as go through (closed), then open load at shares of that. What the views owe when the last message is seen
 * is waited for and counted.
 */
import { costFigures, measured } from '../cost.ts';
import { CrowdControl, type Talk } from '../crowd-control.ts';
import type { Histogram } from '../histogram.ts';
import type { TalkPlan } from '../load/talk.ts';
import type { Finding } from '../result.ts';
import type { RunOptions, Scenario } from '../scenario.ts';
import { openStage, type Stage } from '../stage.ts';

const SESSIONS_PER_AGENT = 50;
/** Messages under way at saturation, over all sessions. */
const AT_ONCE = 2_000;
/** And in one session: what its mailbox holds with room to spare. */
const AT_ONCE_IN_ONE = 256;
const SHARES = [0.25, 0.7];
/** A session holds 100,000 facts; what one alone is told in a phase stays under that. */
const MESSAGES_IN_ONE_MAX = 90_000;

interface Durations {
  readonly warmUpMs: number;
  readonly saturationMs: number;
  readonly openMs: number;
}

const whole: Durations = { warmUpMs: 20_000, saturationMs: 10_000, openMs: 8_000 };
const short: Durations = { warmUpMs: 500, saturationMs: 1_000, openMs: 1_000 };

export const message: Scenario = {
  name: 'message',
  about: 'one message from a visitor to the agent, stored, acknowledged, delivered, and in the views',
  run: async (options) => {
    const findings: Finding[] = [];
    for (const sessions of options.sessions ?? (options.quick ? [100] : [1, 1_000, 10_000]))
      findings.push(...(await runWith(sessions, options)));
    return findings;
  },
};

const runWith = async (sessions: number, options: RunOptions): Promise<readonly Finding[]> => {
  const { quick, say } = options;
  const stage = await openStage(options);
  const durations = quick ? short : whole;
  // One session alone talks in each phase, and each phase has one of its own.
  const phases = 2 + SHARES.length;
  const opened = sessions === 1 ? phases : sessions;
  try {
    const crowd = await CrowdControl.enter(stage, opened, SESSIONS_PER_AGENT);
    try {
      say(`message: ${sessions} sessions`);
      let phase = 0;
      const talk = (pace: TalkPlan['pace'], durationMs: number): Promise<Spoken> =>
        speak(stage, crowd, {
          pace,
          durationMs,
          from: sessions === 1 ? phase++ : 0,
          sessions,
          messagesMax: sessions === 1 ? MESSAGES_IN_ONE_MAX : Number.MAX_SAFE_INTEGER,
        });
      const atOnce = Math.min(AT_ONCE, sessions * AT_ONCE_IN_ONE);
      await talk({ kind: 'closed', atOnce }, durations.warmUpMs);
      const most = await talk({ kind: 'closed', atOnce }, durations.saturationMs);
      const findings = [finding(`${label(sessions)}, saturated`, most)];
      for (const share of SHARES) {
        const pace = { kind: 'open', perSecond: share * most.perSecond, arrivals: 'poisson' } as const;
        findings.push(finding(`${label(sessions)}, ${share * 100} %`, await talk(pace, durations.openMs)));
      }
      const faults = await crowd.readBack();
      return findings.map((each) => ({ ...each, faults: [...each.faults, ...faults] }));
    } finally {
      await crowd.stop();
    }
  } finally {
    await stage.stop();
  }
};

const label = (sessions: number): string =>
  sessions === 1 ? '1 session' : `${sessions.toLocaleString('en')} sessions`;

interface Spoken {
  readonly talk: Talk;
  readonly perSecond: number;
  readonly lagMs: number;
  readonly cost: Finding['figures'];
}

const speak = async (stage: Stage, crowd: CrowdControl, plan: TalkPlan): Promise<Spoken> => {
  const { value, spent, tookMs } = await measured(stage, crowd.pids, async () => {
    const talk = await crowd.talk(plan);
    const seenAt = performance.now();
    await stage.viewsCaughtUp();
    return { talk, lagMs: performance.now() - seenAt };
  });
  const { talk, lagMs } = value;
  return { talk, lagMs, perSecond: (talk.complete * 1_000) / tookMs, cost: costFigures(spent, talk.complete) };
};

const finding = (what: string, { talk, perSecond, lagMs, cost }: Spoken): Finding => ({
  what,
  figures: [
    ['rate', '/s', perSecond],
    ...cost,
    ...percentiles('ack', talk.ackUs),
    ...percentiles('delivery', talk.deliveryUs),
    ['sent late p99', 'ms', talk.lateUs.quantile(0.99) / 1_000],
    ['views after', 'ms', lagMs],
  ],
  faults: talk.faults,
});

const percentiles = (name: string, histogram: Histogram): Finding['figures'] =>
  [0.5, 0.99, 0.999].map((share) => [`${name} p${share * 100}`, 'ms', histogram.quantile(share) / 1_000] as const);
