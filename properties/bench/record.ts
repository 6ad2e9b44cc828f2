/** Results on disk: one case a line, so that each can be measured anew without the others. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Provenance } from './provenance.ts';
import { type Case, sayStand } from './result.ts';

export interface Recorded extends Case {
  readonly from: Provenance;
}

const keyOf = (each: Case): string => [each.scenario, sayStand(each), each.what].join('\u0000');

/** What is in the file and what is new, the new in the place of the old; written back to the file, and handed on as it is there. */
export const record = (file: string, fresh: readonly Recorded[]): readonly Recorded[] => {
  const before = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const all = new Map<string, Recorded>();
  for (const line of before.filter((each) => each !== '')) {
    const recorded = JSON.parse(line) as Recorded;
    all.set(keyOf(recorded), recorded);
  }
  for (const recorded of fresh) all.set(keyOf(recorded), rounded(recorded));
  const recorded = [...all.values()];
  writeFileSync(file, recorded.map((each) => `${JSON.stringify(each)}\n`).join(''));
  return recorded;
};

/** Four digits: what lies beyond is noise, and would make every line long. */
const rounded = (recorded: Recorded): Recorded => ({
  ...recorded,
  series: recorded.series.map((each) => ({
    ...each,
    values: each.values.map((value) => Number(value.toPrecision(4))),
  })),
});
