/** A benchmark: what is done, how often, on which servers. */
import type { Finding } from './result.ts';
import type { StageOptions } from './stage.ts';

export interface RunOptions extends StageOptions {
  /** A short form that shows that everything works, and measures nothing worth keeping. */
  readonly quick: boolean;
  /** Sizes to measure with, such as numbers of sessions, instead of the scenario's own. */
  readonly sizes: readonly number[] | undefined;
  /** Says what is going on. */
  readonly say: (what: string) => void;
}

export interface Scenario {
  readonly name: string;
  /** What one operation is, and how it is measured: a sentence or two for whoever reads the results. */
  readonly about: string;
  /** What its sizes are. */
  readonly sizes: string;
  /** One run of all its cases. */
  run(options: RunOptions): Promise<readonly Finding[]>;
}

export const count = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
