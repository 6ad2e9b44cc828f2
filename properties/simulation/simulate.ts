/** Many histories, one seed after the other, and what came of them in all. */
import { type FaultKind, faultKinds } from './faults.ts';
import type { Law } from './ground.ts';
import { type History, type PlantedBug, runHistory } from './history.ts';

export interface SimulateOptions {
  readonly histories: number;
  /** Of the first history; each next one has the next seed, so that any of them can be had alone. */
  readonly seed: number;
  readonly bug?: PlantedBug;
  /** Ends early after so many histories with violations. */
  readonly violatedMax?: number;
  readonly progress?: (report: Report) => void;
}

export interface Report {
  histories: number;
  commands: number;
  acknowledged: number;
  refused: number;
  facts: number;
  reads: number;
  turns: number;
  readonly faults: Map<FaultKind, number>;
  readonly violated: Violated[];
}

export interface Violated {
  readonly seed: number;
  readonly failures: readonly { readonly law: Law; readonly what: string }[];
}

const SEEDS = 2 ** 32;

export const simulate = async ({ histories, seed, bug, violatedMax, progress }: SimulateOptions): Promise<Report> => {
  const report: Report = {
    histories: 0,
    commands: 0,
    acknowledged: 0,
    refused: 0,
    facts: 0,
    reads: 0,
    turns: 0,
    faults: new Map(faultKinds.map((kind) => [kind, 0])),
    violated: [],
  };
  for (let index = 0; index < histories; index++) {
    add(report, await runHistory({ seed: (seed + index) % SEEDS, ...(bug === undefined ? {} : { bug }) }));
    progress?.(report);
    if (report.violated.length >= (violatedMax ?? Number.POSITIVE_INFINITY)) break;
  }
  return report;
};

const add = (report: Report, history: History): void => {
  report.histories += 1;
  for (const what of ['commands', 'acknowledged', 'refused', 'facts', 'reads', 'turns'] as const)
    report[what] += history[what];
  for (const [kind, count] of history.faults) report.faults.set(kind, (report.faults.get(kind) ?? 0) + count);
  if (history.failures.length > 0) report.violated.push({ seed: history.seed, failures: history.failures });
};

/** The first histories with violations, if there are any: which laws, and how to see it again. */
export const sayViolations = ({ violated }: Report): string =>
  violated
    .slice(0, SHOWN_MAX)
    .map(({ seed, failures }) => {
      const laws = failures.slice(0, SHOWN_MAX).map(({ law, what }) => `  ${law}: ${what}`);
      return [`seed ${seed} (npm run simulate -- --histories 1 --seed ${seed})`, ...laws].join('\n');
    })
    .join('\n');

const SHOWN_MAX = 5;
