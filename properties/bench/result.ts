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

/** One case of one run. */
export interface Finding {
  /** What is special about it, such as `1,000 sessions, 50 %`. */
  readonly what: string;
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
  readonly what: string;
  readonly series: readonly Series[];
  readonly faults: readonly string[];
}

export const figure = (column: string, unit: Unit, value: number, part = ''): Figure => ({ column, part, unit, value });

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
};

/** The same case of several runs as one, with every run's figures. */
export const gathered = (
  of: Pick<Case, 'scenario' | 'backend' | 'workers'>,
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
    return { ...of, what, series, faults: same.flatMap(({ faults }) => faults) };
  });

const keyOf = ({ column, part }: Pick<Figure, 'column' | 'part'>): string => `${column}/${part}`;
