/** Several load processes as one: what they are told is shared out, what they have seen is summed up. */
import { Histogram, type HistogramCounts } from './histogram.ts';
import type { Driven, Plan } from './load/drive.ts';
import { LoadProcess } from './load-process.ts';

export interface Load {
  readonly asked: number;
  readonly complete: number;
  readonly tookMs: number;
  readonly ackUs: Histogram;
  readonly deliveryUs: Histogram;
  readonly lateUs: Histogram;
  readonly faults: readonly string[];
}

/** Askers that one load process stands for: their sockets are well under what the system lets a process open. */
const ASKERS_PER_PROCESS_MAX = 15_000;

export class Loads {
  readonly processes: readonly LoadProcess[];
  readonly #askers: number;
  #drives = 0;

  /** Starts as many processes as so many askers need, and lets `enter` tell each who is in it. */
  static async start(
    askers: number,
    enter: (load: LoadProcess, askers: number, name: string) => Promise<void>,
  ): Promise<Loads> {
    const count = Math.ceil(askers / ASKERS_PER_PROCESS_MAX);
    const processes = await Promise.all(Array.from({ length: count }, () => LoadProcess.start()));
    const loads = new Loads(processes, askers);
    try {
      await Promise.all(processes.map((load, index) => enter(load, share(askers, count, index), `people-${index}`)));
    } catch (error) {
      await loads.stop();
      throw error;
    }
    return loads;
  }

  private constructor(processes: readonly LoadProcess[], askers: number) {
    this.processes = processes;
    this.#askers = askers;
  }

  get pids(): readonly number[] {
    return this.processes.map(({ pid }) => pid);
  }

  /** All askers take part, each load process with its own. */
  async drive(plan: Omit<Plan, 'from' | 'askers'> & Partial<Pick<Plan, 'from' | 'askers'>>): Promise<Load> {
    const { length } = this.processes;
    this.#drives += 1;
    const whole = { from: 0, askers: this.#askers, ...plan };
    const driven = await Promise.all(
      this.processes.map((load, index) =>
        load.ask('drive', { plan: partOf(whole, length, index), seed: this.#drives * length + index }),
      ),
    );
    const summed = (pick: (each: Driven) => HistogramCounts): Histogram => {
      const sum = new Histogram();
      for (const each of driven) sum.add(new Histogram(pick(each)));
      return sum;
    };
    return {
      asked: driven.reduce((sum, { asked }) => sum + asked, 0),
      complete: driven.reduce((sum, { complete }) => sum + complete, 0),
      tookMs: Math.max(...driven.map(({ tookMs }) => tookMs)),
      ackUs: summed(({ ackUs }) => ackUs),
      deliveryUs: summed(({ deliveryUs }) => deliveryUs),
      lateUs: summed(({ lateUs }) => lateUs),
      faults: driven.flatMap(({ faults }) => faults),
    };
  }

  /** What history lacks of what a crowd has said. */
  async readBack(): Promise<readonly string[]> {
    const read = await Promise.all(this.processes.map((load) => load.ask('readBack', undefined)));
    const compared = read.reduce((sum, each) => sum + each.compared, 0);
    return [...read.flatMap(({ faults }) => faults), ...(compared === 0 ? ['no history was compared'] : [])];
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((load) => load.stop()));
  }
}

const share = (whole: number, parts: number, index: number): number =>
  Math.floor((whole * (index + 1)) / parts) - Math.floor((whole * index) / parts);

const partOf = (plan: Plan, parts: number, index: number): Plan => ({
  ...plan,
  pace:
    plan.pace.kind === 'open'
      ? { ...plan.pace, perSecond: plan.pace.perSecond / parts }
      : { kind: 'closed', atOnce: share(plan.pace.atOnce, parts, index) },
  from: Math.floor(plan.from / parts),
  askers: share(plan.askers, parts, index),
  requestsMax: share(plan.requestsMax, parts, index),
});
