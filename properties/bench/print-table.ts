/** Results as people read them in a terminal: a case a line, medians of the runs. */
import { type Case, type Figure, median } from './result.ts';

export const printTable = (cases: readonly Case[]): string => {
  const names = [...new Set(cases.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  const rows = [
    ['', ...names.map((name) => heading(cases, name))],
    ...cases.map(({ what, backend, workers, figures }) => [
      `${backend}${workers > 1 ? ` × ${workers}` : ''}, ${what}`,
      ...names.map((name) => cell(figures.find((figure) => figure.name === name))),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart((widths[column] ?? 0) + 2)))
        .join(''),
    )
    .join('\n');
};

const heading = (cases: readonly Case[], name: string): string => {
  const unit = cases.flatMap(({ figures }) => figures).find((figure) => figure.name === name)?.unit ?? '';
  return unit === '' ? name : `${name} ${unit}`;
};

const cell = (figure: Figure | undefined): string => (figure === undefined ? '–' : said(median(figure.runs)));

/** Three digits that mean something. */
export const said = (value: number): string => {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
};
