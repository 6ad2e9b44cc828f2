/** Results as people read them in a terminal: a case a line, medians of the runs. */
import { type Case, median, type Series } from './result.ts';

export const printTable = (cases: readonly Case[]): string => {
  const rows = tableOf(cases);
  return rows.map(inColumns(rows)).join('\n');
};

/** Headings and then cells: figures of one column side by side, with the spread of a figure that stands alone if asked for. */
export const tableOf = (cases: readonly Case[], withSpread = false): readonly (readonly string[])[] => {
  const all = cases.flatMap(({ series }) => series);
  const columns = [...new Set(all.map(({ column }) => column))];
  return [
    ['', ...columns.map((column) => heading(all.filter((each) => each.column === column)))],
    ...cases.map(({ what, series }) => [
      what,
      ...columns.map((column) =>
        cell(
          series.filter((each) => each.column === column),
          withSpread,
        ),
      ),
    ]),
  ];
};

const heading = (series: readonly Series[]): string => {
  const { column = '', unit = '' } = series[0] ?? {};
  const parts = [...new Set(series.map(({ part }) => part))].filter((part) => part !== '');
  return [column, parts.join(' / '), unit].filter((text) => text !== '').join(' ');
};

const cell = (series: readonly Series[], withSpread: boolean): string => {
  const [only] = series;
  if (only === undefined) return '–';
  const medians = series.map(({ values }) => said(median(values))).join(' / ');
  if (!withSpread || series.length > 1 || only.values.length === 1) return medians;
  return `${medians} (${said(Math.min(...only.values))}–${said(Math.max(...only.values))})`;
};

/** Three digits, which is more than can be relied on. */
export const said = (value: number): string => {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  if (value >= 10) return value.toFixed(1);
  return value === 0 ? '0' : value.toFixed(2);
};

/** The first column to the left, the others to the right. */
const inColumns = (rows: readonly (readonly string[])[]): ((row: readonly string[]) => string) => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return (row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart((widths[column] ?? 0) + 2)))
      .join('');
};
