/** Results as people read them in a terminal: a case a line, medians of the runs. */
import { type Case, median, type Series } from './result.ts';

export const printTable = (cases: readonly Case[]): string =>
  tableOf(cases)
    .map(joined(tableOf(cases)))
    .join('\n');

/** Headings and then cells: figures of one column side by side. */
export const tableOf = (cases: readonly Case[]): readonly (readonly string[])[] => {
  const all = cases.flatMap(({ series }) => series);
  const columns = [...new Set(all.map(({ column }) => column))];
  return [
    ['', ...columns.map((column) => heading(all.filter((each) => each.column === column)))],
    ...cases.map(({ what, series }) => [
      what,
      ...columns.map((column) => cell(series.filter((each) => each.column === column))),
    ]),
  ];
};

const heading = (series: readonly Series[]): string => {
  const { column = '', unit = '' } = series[0] ?? {};
  const parts = [...new Set(series.map(({ part }) => part))].filter((part) => part !== '');
  return [column, parts.join(' / '), unit].filter((text) => text !== '').join(' ');
};

const cell = (series: readonly Series[]): string =>
  series.length === 0 ? '–' : series.map(({ values }) => said(median(values))).join(' / ');

/** Three digits, which is more than can be relied on. */
export const said = (value: number): string => {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  if (value >= 10) return value.toFixed(1);
  return value === 0 ? '0' : value.toFixed(2);
};

/** The first column to the left, the others to the right. */
const joined = (rows: readonly (readonly string[])[]): ((row: readonly string[]) => string) => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return (row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart((widths[column] ?? 0) + 2)))
      .join('');
};
