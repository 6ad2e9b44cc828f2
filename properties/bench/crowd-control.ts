/** Several load processes as one crowd: what they are told is shared out, what they say is summed up. */
import { Histogram } from './histogram.ts';
import type { TalkPlan } from './load/talk.ts';
import { LoadProcess } from './load-process.ts';
import type { Stage } from './stage.ts';

export interface Talk {
  readonly said: number;
  readonly complete: number;
  readonly tookMs: number;
  readonly ackUs: Histogram;
  readonly deliveryUs: Histogram;
  readonly lateUs: Histogram;
  readonly faults: readonly string[];
}

/** Sockets that one load process opens, well under what the system lets it. */
const SESSIONS_PER_PROCESS_MAX = 15_000;

export class CrowdControl {
  readonly #loads: readonly LoadProcess[];
  #talks = 0;

  static async enter(stage: Stage, sessions: number, sessionsPerAgent: number): Promise<CrowdControl> {
    const processes = Math.ceil(sessions / SESSIONS_PER_PROCESS_MAX);
    const loads = await Promise.all(Array.from({ length: processes }, () => LoadProcess.start()));
    const { host, port, secret } = stage;
    await Promise.all(
      loads.map((load, index) =>
        load.ask('enter', {
          target: { host, port },
          secret,
          tenant: 'bench',
          name: `crowd-${index}`,
          sessions: share(sessions, processes, index),
          sessionsPerAgent,
        }),
      ),
    );
    return new CrowdControl(loads);
  }

  private constructor(loads: readonly LoadProcess[]) {
    this.#loads = loads;
  }

  get pids(): readonly number[] {
    return this.#loads.map(({ pid }) => pid);
  }

  async talk(plan: TalkPlan): Promise<Talk> {
    const { length } = this.#loads;
    this.#talks += 1;
    const talks = await Promise.all(
      this.#loads.map((load, index) => load.ask('talk', { plan: partOf(plan, length, index), seed: this.#talks })),
    );
    const summed = (pick: (talked: (typeof talks)[number]) => readonly (readonly [number, number])[]): Histogram => {
      const sum = new Histogram();
      for (const talked of talks) sum.add(new Histogram(pick(talked)));
      return sum;
    };
    return {
      said: talks.reduce((sum, { said }) => sum + said, 0),
      complete: talks.reduce((sum, { complete }) => sum + complete, 0),
      tookMs: Math.max(...talks.map(({ tookMs }) => tookMs)),
      ackUs: summed(({ ackUs }) => ackUs),
      deliveryUs: summed(({ deliveryUs }) => deliveryUs),
      lateUs: summed(({ lateUs }) => lateUs),
      faults: talks.flatMap(({ faults }) => faults),
    };
  }

  /** What history lacks of what was said. */
  async readBack(): Promise<readonly string[]> {
    const read = await Promise.all(this.#loads.map((load) => load.ask('readBack', undefined)));
    const compared = read.reduce((sum, each) => sum + each.compared, 0);
    return [...read.flatMap(({ faults }) => faults), ...(compared === 0 ? ['no history was compared'] : [])];
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loads.map((load) => load.stop()));
  }
}

const share = (whole: number, parts: number, index: number): number =>
  Math.floor((whole * (index + 1)) / parts) - Math.floor((whole * index) / parts);

const partOf = (plan: TalkPlan, parts: number, index: number): TalkPlan => ({
  ...plan,
  pace:
    plan.pace.kind === 'open'
      ? { ...plan.pace, perSecond: plan.pace.perSecond / parts }
      : { kind: 'closed', atOnce: share(plan.pace.atOnce, parts, index) },
  from: Math.floor(plan.from / parts),
  sessions: share(plan.sessions, parts, index),
});
