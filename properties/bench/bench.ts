/** Scenarios, each as often as asked, on fresh servers each time. */
import { onLoadProcess } from './load-process.ts';
import { type Asked, keepTo } from './profile.ts';
import { progress } from './progress.ts';
import { nodeMajor, provenance } from './provenance.ts';
import type { Recorded } from './record.ts';
import { type Finding, gathered } from './result.ts';
import type { Scenario } from './scenario.ts';
import type { Backend } from './stage.ts';

export interface BenchOptions {
  readonly backend: Backend;
  readonly workers: number;
  readonly runs: number;
  readonly quick: boolean;
  readonly sizes: readonly number[] | undefined;
  readonly profile: Asked;
  /** As it was called, for whoever wants to do it again. */
  readonly command: string;
}

export const bench = async (
  scenarios: readonly Scenario[],
  { backend, workers, runs, quick, sizes, profile: asked, command }: BenchOptions,
): Promise<readonly Recorded[]> => {
  const profile = await keepTo(asked);
  onLoadProcess((pid) => profile.release(pid));
  const shown = progress(runs * scenarios.length);
  try {
    const from = await provenance(backend, { command, runs, profile: profile.said });
    const recorded: Recorded[] = [];
    for (const scenario of scenarios) {
      const findings: (readonly Finding[])[] = [];
      for (let run = 1; run <= runs; run++) {
        const say = (what: string): void => shown.at(`${scenario.name}, run ${run} of ${runs}: ${what}`);
        findings.push(await scenario.run({ backend, workers, quick, sizes, say }));
        shown.done();
      }
      const cases = gathered({ scenario: scenario.name, backend, workers, node: nodeMajor }, findings);
      recorded.push(...cases.map((each) => ({ ...each, from })));
    }
    return recorded;
  } finally {
    shown.end();
    profile.end();
  }
};
