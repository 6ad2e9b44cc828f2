/** A report as people read it. */
import { isClean, type Report, type Row } from './report.ts';
import type { Stage } from './stage.ts';

export interface Heading {
  readonly stage: Stage;
  /** Where the dialogues came from. */
  readonly source: string;
  readonly atOnce: number;
  readonly agents: number;
  readonly fault: string;
  readonly seed: number;
}

const FAILURES_SHOWN_MAX = 5;

export const printReport = (report: Report, heading: Heading): string =>
  [
    `${report.dialogues} dialogues from ${heading.source}, ${heading.atOnce} at once, ${heading.agents} agents`,
    `on ${heading.stage.name}, fault: ${heading.fault}, seed: ${heading.seed}`,
    '',
    ...table([
      ['sessions opened', String(report.opened)],
      ['sessions closed', String(report.closed)],
      ['messages said', String(report.said)],
      ['messages acknowledged', String(report.acked)],
      ['sockets opened again', String(report.reconnects)],
      ['claims lost to another agent', String(report.refusedClaims)],
      ['inbox rows told to agents', String(report.rowsTold)],
    ]),
    '',
    ...table([
      ['read by', 'messages', 'facts', 'out of order', 'missing', 'duplicated', 'wrong'],
      ...report.rows.map(cells),
    ]),
    '',
    ...report.strikes.map(
      ({ what, atMessage, backAfterMs }) => `after ${atMessage} messages: ${what}, back after ${ms(backAfterMs)}`,
    ),
    `${report.acked} messages in ${(report.tookMs / 1_000).toFixed(1)} s: ${Math.round(report.messagesPerSecond)} a second`,
    `stored and with the other side after ${ms(report.medianMs)} (half of them), ${ms(report.slowestMs)} (99 in 100)`,
    heading.stage.versions.join(', '),
    ...report.failures.slice(0, FAILURES_SHOWN_MAX).map((failure) => `not played to its end: ${failure}`),
    isClean(report) ? 'nothing missing, nothing twice, nothing out of order' : 'NOT CLEAN',
    '',
  ].join('\n');

const cells = ({ reader, messages, facts, faults }: Row): readonly string[] => [
  reader,
  messages === 0 && facts === undefined ? '–' : String(messages),
  facts === undefined ? '–' : String(facts),
  String(faults.outOfOrder),
  String(faults.missing),
  String(faults.duplicated),
  String(faults.wrong),
];

/** The first column to the left, the others to the right. */
const table = (rows: readonly (readonly string[])[]): readonly string[] => {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart((widths[column] ?? 0) + 3),
      )
      .join(''),
  );
};

const ms = (milliseconds: number): string =>
  `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
