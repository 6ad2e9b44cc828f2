/** What a benchmark has found: cases with their figures, each as often as it was run. */
import type { Backend } from './stage.ts';

export type Unit = 'µs' | '/s' | 'ms' | 's' | 'MB' | 'KB' | '%' | '';

/** One number of one run. Figures of one column stand side by side in a table, told apart by `part`. */
export interface Figure {
  readonly column: string;
  readonly part: string;
  readonly unit: Unit;
  readonly value: number;
}

/** Where a case stands in a chart: on which line, and at which place where that is not the rate that was measured. */
export interface Place {
  readonly line: string;
  readonly x?: number;
}

/** One case of one run. */
export interface Finding {
  /** What is special about it, such as `1,000 sessions, 50 %`. */
  readonly what: string;
  readonly place?: Place;
  readonly figures: readonly Figure[];
  /** What went wrong: such a case proves nothing. */
  readonly faults: readonly string[];
}

/** A figure of every run. */
export interface Series extends Omit<Figure, 'value'> {
  readonly values: readonly number[];
}

export interface Case {
  readonly scenario: string;
  readonly backend: Backend;
  readonly workers: number;
  /** Node's major version. */
  readonly node: number;
  readonly what: string;
  readonly place?: Place;
  readonly series: readonly Series[];
  readonly faults: readonly string[];
}

/** What a case was measured on: only cases of one stand are compared. */
export type Stand = Pick<Case, 'backend' | 'workers' | 'node'>;

export const sayStand = (
  { backend, workers, node }: Stand,
  names: Readonly<Record<Backend, string>> = { embedded: 'embedded', nats: 'nats' },
): string => [names[backend], ...(workers === 1 ? [] : [`${workers} processes`]), `Node ${node}`].join(', ');

export const figure = (column: string, unit: Unit, value: number, part = ''): Figure => ({ column, part, unit, value });

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
};

/** The same case of several runs as one, with every run's figures. */
export const gathered = (
  of: Pick<Case, 'scenario' | keyof Stand>,
  runs: readonly (readonly Finding[])[],
): readonly Case[] =>
  [...new Set(runs.flat().map(({ what }) => what))].map((what) => {
    const same = runs.flat().filter((finding) => finding.what === what);
    const all = same.flatMap(({ figures }) => figures);
    const series = [...new Map(all.map((each) => [keyOf(each), each])).values()].map(
      ({ column, part, unit }): Series => ({
        column,
        part,
        unit,
        values: all.filter((each) => keyOf(each) === keyOf({ column, part })).map(({ value }) => value),
      }),
    );
    const place = same[0]?.place;
    const faults = same.flatMap((finding) => finding.faults);
    return { ...of, what, ...(place === undefined ? {} : { place }), series, faults };
  });

const keyOf = ({ column, part }: Pick<Figure, 'column' | 'part'>): string => `${column}/${part}`;

/** The median of a figure over the runs; `undefined` where the case has no such figure. */
export const valueOf = ({ series }: Case, column: string, part = ''): number | undefined => {
  const found = series.find((each) => each.column === column && each.part === part);
  return found === undefined ? undefined : median(found.values);
};
