/** A report as people read it. */
import { percentile } from '../demo/meter.ts';
import type { Report } from './chaos.ts';
import { kinds } from './strikes.ts';
import { isClean, type Verdict } from './verdict.ts';

const laws: Readonly<Record<keyof Verdict, string>> = {
  acknowledgedLost: 'acknowledged and lost',
  refusedStored: 'refused and stored',
  duplicated: 'duplicated',
  outOfOrder: 'out of order',
  gaps: 'gaps',
  forks: 'forks',
  seenNotInLog: 'seen live, not in the log',
  historyUnequal: 'histories unlike the log',
  streamUnequal: 'event streams unlike the log',
  viewsUnlikeRebuild: 'views unlike a rebuild',
  staleReads: 'reads without what was acknowledged',
  stuck: 'not serving again',
};

const PLACES_SHOWN_MAX = 5;

export const printReport = (report: Report, heading: string): string => {
  const { cycles, verdict } = report;
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const rows = kinds.flatMap((kind) => {
    const times = cycles.filter((cycle) => cycle.kind === kind).map(({ recoveredMs }) => recoveredMs);
    if (times.length === 0) return [];
    return [[kind, String(times.length), seconds(percentile(times, 0.5)), seconds(Math.max(...times))]];
  });
  return [
    heading,
    '',
    ...table([['fault', 'cycles', 'serving again, median', 'max'], ...rows]),
    '',
    ...table([
      ['cycles', String(cycles.length)],
      ['commands sent', String(report.said)],
      ['acknowledged', String(report.acked)],
      ['given up without an answer', String(report.unknown)],
      ['refused', String(report.refused)],
      ['sessions in the log', String(report.sessions)],
      ['facts in the log', String(report.facts)],
      ['facts seen on sockets', String(report.seen)],
      ['sockets opened', String(report.sockets)],
      ['newcomers turned away', String(report.turnedAway)],
      ['histories read meanwhile', String(report.reads)],
    ]),
    '',
    ...table(Object.entries(laws).map(([law, name]) => [name, String(verdict[law as keyof Verdict].length)])),
    '',
    ...Object.entries(laws).flatMap(([law, name]) =>
      verdict[law as keyof Verdict].slice(0, PLACES_SHOWN_MAX).map((place) => `${name}: ${place}`),
    ),
    isClean(verdict) ? 'nothing lost, nothing twice, nothing out of order' : 'BROKEN',
    '',
  ].join('\n');
};

/** The first column to the left, the others to the right. */
const table = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[column] ?? 0) + 3)))
      .join(''),
  );
};
