/** A report as people read it. */
import { type Report, sayViolations } from './simulate.ts';

export const printReport = (report: Report, seed: number, tookMs: number): string => {
  const perMinute = Math.round((report.histories / Math.max(1, tookMs)) * 60_000);
  return [
    `${report.histories} histories from seed ${seed}, in ${(tookMs / 1_000).toFixed(1)} s: ${perMinute} a minute`,
    '',
    ...table([
      ['commands', report.commands],
      ['  acknowledged', report.acknowledged],
      ['  refused', report.refused],
      ['facts stored', report.facts],
      ['reads', report.reads],
      ['turns', report.turns],
    ]),
    '',
    ...table([...report.faults].map(([kind, count]) => [kind, count])),
    '',
    ...table([['histories with violations', report.violated.length]]),
    sayViolations(report),
    '',
  ].join('\n');
};

const table = (rows: readonly (readonly [string, number])[]): readonly string[] => {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, count]) => `${name.padEnd(width)}   ${String(count).padStart(10)}`);
};
