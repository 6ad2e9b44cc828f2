/** A simulation that finds nothing proves something only where it finds what is there. */
import { describe, expect, test } from 'vitest';
import { chosenSeed, sayWhere } from '../chosen-seed.ts';
import { bugs } from './bugs/bugs.ts';
import { runHistory } from './history.ts';

/** Each is found in one history of 3 to 20. */
const HISTORIES_MAX = 500;

console.log(sayWhere('planted bugs'));

describe('the simulation finds', () => {
  test.each(bugs)(
    '$name',
    async (bug) => {
      const others = new Set<string>();
      for (let history = 1; history <= HISTORIES_MAX; history++) {
        const { failures } = await runHistory({ seed: chosenSeed + history, bug });
        for (const { law } of failures) others.add(law);
        if (failures.some(({ law }) => law === bug.law)) {
          console.log(`${bug.name}: found in history ${history}`);
          return;
        }
      }
      expect.fail(`"${bug.law}" held in ${HISTORIES_MAX} histories; broken: ${[...others].join(', ') || 'nothing'}`);
    },
    300_000,
  );
});
