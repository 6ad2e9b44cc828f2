/** One stretch of load and what it has cost, with what the views owe at its end. */
import { costFigures, measured } from './cost.ts';
import type { Histogram } from './histogram.ts';
import type { Plan } from './load/drive.ts';
import type { Load, Loads } from './loads.ts';
import { type Figure, type Finding, figure, type Place } from './result.ts';
import type { Stage } from './stage.ts';
import { viewsCaughtUp } from './views.ts';

export interface Stretch {
  readonly load: Load;
  /** Completed, in the views, and paid for. */
  readonly perSecond: number;
  readonly viewsAfterMs: number;
  readonly cost: readonly Figure[];
}

export const stretch = async (stage: Stage, loads: Loads, plan: Parameters<Loads['drive']>[0]): Promise<Stretch> => {
  const { value, spent } = await measured(
    () => stage.groups(),
    loads.pids,
    async () => {
      const load = await loads.drive(plan);
      const seenAt = performance.now();
      await viewsCaughtUp(stage);
      return { load, viewsAfterMs: performance.now() - seenAt };
    },
  );
  const { load, viewsAfterMs } = value;
  const perSecond = (load.complete * 1_000) / spent.tookMs;
  return { load, viewsAfterMs, perSecond, cost: costFigures(spent, load.complete) };
};

export interface Naming {
  /** What the second stage of a request is, where it has one. */
  readonly delivery?: string;
  readonly place?: Place;
}

export const findingOf = (
  what: string,
  { load, perSecond, viewsAfterMs, cost }: Stretch,
  { delivery, place }: Naming = {},
): Finding => ({
  what,
  ...(place === undefined ? {} : { place }),
  figures: [
    figure('rate', '/s', perSecond),
    ...cost,
    ...percentiles('ack', load.ackUs),
    ...(delivery === undefined ? [] : percentiles(delivery, load.deliveryUs)),
    figure('sent late', 'ms', load.lateUs.quantile(0.99) / 1_000, 'p99'),
    figure('views after', 'ms', viewsAfterMs),
  ],
  faults: load.complete === 0 ? ['nothing was completed', ...load.faults] : load.faults,
});

export const percentiles = (column: string, histogram: Histogram): readonly Figure[] =>
  [0.5, 0.99, 0.999].map((share) => figure(column, 'ms', histogram.quantile(share) / 1_000, `p${share * 100}`));

/** Open load at a share of what goes through when nobody waits. */
export const openAt = (perSecond: number, share: number): Plan['pace'] => ({
  kind: 'open',
  perSecond: perSecond * share,
  arrivals: 'poisson',
});
