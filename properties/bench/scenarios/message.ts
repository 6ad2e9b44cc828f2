/**
 * A message: said by a visitor, stored, acknowledged, seen by the agent and by the visitor, and in the views.
 *
 * First as many as go through (closed load), then open load at shares of that.
 */
import type { Pace } from '../load/drive.ts';
import { Loads } from '../loads.ts';
import type { Finding } from '../result.ts';
import { count, type RunOptions, type Scenario } from '../scenario.ts';
import { openStage, type Stage } from '../stage.ts';
import { findingOf, openAt, type Stretch, stretch } from '../stretch.ts';

const SESSIONS_PER_AGENT = 50;
/** Messages under way at saturation, over all sessions. */
const AT_ONCE = 2_000;
/** And in one session: what its mailbox holds with room to spare. */
const AT_ONCE_IN_ONE = 256;
const SHARES = [0.25, 0.5, 0.7, 0.9];
/** And what comes when more is said than can be answered soon; one session alone refuses that, as its mailbox is bounded. */
const OVERLOAD = 1.5;
/** A session holds 100,000 facts; what one alone is told in a stretch stays under that. */
const MESSAGES_IN_ONE_MAX = 90_000;

export interface Durations {
  readonly warmUpMs: number;
  readonly saturatedMs: number;
  readonly openMs: number;
}

const whole: Durations = { warmUpMs: 5_000, saturatedMs: 6_000, openMs: 6_000 };
const short: Durations = { warmUpMs: 300, saturatedMs: 700, openMs: 500 };

export const message: Scenario = {
  name: 'message',
  about:
    'One message, from a visitor’s socket to the agent’s: stored, acknowledged, seen by both sides, and in the views. ' +
    '“Saturated” is closed load with 2,000 messages under way (256 where one session talks alone); shares of that rate ' +
    'are open load with Poisson arrivals, its latency counted from when a message was due. More than that is too much to ' +
    'be answered soon: what waits is stored together, so that a message costs less and the rate goes up with it; the last row is ' +
    '70 % of that rate.',
  sizes: 'sessions that talk',
  run: async (options) => {
    const findings: Finding[] = [];
    for (const sessions of options.sizes ?? (options.quick ? [20] : [1, 1_000, 10_000]))
      findings.push(...(await runWith(sessions, options)));
    return findings;
  },
};

const runWith = async (sessions: number, options: RunOptions): Promise<readonly Finding[]> => {
  const durations = options.quick ? short : whole;
  const stage = await openStage(options);
  try {
    // Where one session talks alone, each stretch has one of its own.
    const talks = await Talks.begin(stage, sessions, sessions === 1 ? SHARES.length + 2 : sessions);
    try {
      const what = count(sessions, 'session');
      options.say(`${what}, warming up`);
      await talks.saturated(durations.warmUpMs);
      options.say(`${what}, saturated`);
      const most = await talks.saturated(durations.saturatedMs);
      const findings = [findingOf(`${what}, saturated`, most, { delivery: 'delivery' })];
      const opened = async (name: string, perSecond: number, share: number, isCharted: boolean): Promise<number> => {
        options.say(`${what}, ${name}`);
        const open = await talks.at(openAt(perSecond, share), durations.openMs);
        const naming = isCharted ? { place: { line: what } } : {};
        findings.push(findingOf(`${what}, ${name}`, open, { delivery: 'delivery', ...naming }));
        return open.perSecond;
      };
      for (const share of SHARES) await opened(`${share * 100} %`, most.perSecond, share, true);
      if (sessions > 1) {
        // A chart of latencies that people wait for has no room for those of an overload.
        const through = await opened(`${OVERLOAD * 100} %`, most.perSecond, OVERLOAD, false);
        await opened(`70 % of what ${OVERLOAD * 100} % comes to`, through, 0.7, false);
      }
      const faults = await talks.end();
      return findings.map((each, index) =>
        index === findings.length - 1 ? { ...each, faults: [...each.faults, ...faults] } : each,
      );
    } finally {
      await talks.stop();
    }
  } finally {
    await stage.stop();
  }
};

/** Sessions in which visitors talk and agents listen. */
export class Talks {
  readonly #stage: Stage;
  readonly #loads: Loads;
  readonly #sessions: number;
  #stretches = 0;

  static async begin(stage: Stage, sessions: number, opened = sessions): Promise<Talks> {
    const loads = await Loads.start(opened, (load, share, name) =>
      load.ask('crowd', { ...stage.gate(name), sessions: share, sessionsPerAgent: SESSIONS_PER_AGENT }),
    );
    return new Talks(stage, loads, sessions);
  }

  private constructor(stage: Stage, loads: Loads, sessions: number) {
    this.#stage = stage;
    this.#loads = loads;
    this.#sessions = sessions;
  }

  at(pace: Pace, durationMs: number): Promise<Stretch> {
    const isAlone = this.#sessions === 1;
    return stretch(this.#stage, this.#loads, {
      pace,
      durationMs,
      from: isAlone ? this.#stretches++ : 0,
      askers: this.#sessions,
      requestsMax: isAlone ? MESSAGES_IN_ONE_MAX : Number.MAX_SAFE_INTEGER,
    });
  }

  saturated(durationMs: number): Promise<Stretch> {
    return this.at({ kind: 'closed', atOnce: Math.min(AT_ONCE, this.#sessions * AT_ONCE_IN_ONE) }, durationMs);
  }

  /** What history lacks of all that was said. */
  end(): Promise<readonly string[]> {
    return this.#loads.readBack();
  }

  stop(): Promise<void> {
    return this.#loads.stop();
  }
}
