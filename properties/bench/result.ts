/** What a benchmark has found: cases with their figures, each as often as it was run. */
import type { Backend } from './stage.ts';

export interface Figure {
  readonly name: string;
  readonly unit: 'µs' | '/s' | 'ms' | 'MB' | 'KB' | 's' | '';
  readonly runs: readonly number[];
}

export interface Case {
  readonly scenario: string;
  readonly backend: Backend;
  readonly workers: number;
  /** What is special about it, such as `1,000 sessions, 50 %`. */
  readonly what: string;
  readonly figures: readonly Figure[];
  /** What went wrong: such a case proves nothing. */
  readonly faults: readonly string[];
}

/** A case of one run. */
export interface Finding {
  readonly what: string;
  readonly figures: readonly (readonly [name: string, unit: Figure['unit'], value: number])[];
  readonly faults: readonly string[];
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
};

/** The same case of several runs as one, with every run's figure. */
export const gathered = (
  { scenario, backend, workers }: Pick<Case, 'scenario' | 'backend' | 'workers'>,
  runs: readonly (readonly Finding[])[],
): readonly Case[] => {
  const whats = [...new Set(runs.flat().map(({ what }) => what))];
  return whats.map((what) => {
    const same = runs.flat().filter((finding) => finding.what === what);
    const names = [...new Set(same.flatMap(({ figures }) => figures.map(([name]) => name)))];
    const figures = names.map((name): Figure => {
      const found = same.flatMap((finding) => finding.figures.filter(([each]) => each === name));
      return { name, unit: found[0]?.[1] ?? '', runs: found.map(([, , value]) => value) };
    });
    return { scenario, backend, workers, what, figures, faults: same.flatMap(({ faults }) => faults) };
  });
};
