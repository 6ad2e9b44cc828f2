/** A benchmark: what is done, how often, on which servers. */
import type { Finding } from './result.ts';
import type { StageOptions } from './stage.ts';

export interface RunOptions extends StageOptions {
  /** A short form that shows that everything works, and measures nothing worth keeping. */
  readonly quick: boolean;
  /** The numbers of sessions to measure with, where the scenario has any, instead of its own. */
  readonly sessions: readonly number[] | undefined;
  /** Says on standard error what is going on. */
  readonly say: (line: string) => void;
}

export interface Scenario {
  readonly name: string;
  /** What one operation is. */
  readonly about: string;
  /** One run of all its cases. */
  run(options: RunOptions): Promise<readonly Finding[]>;
}
