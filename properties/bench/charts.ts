/** Which results are drawn, and how. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chart } from './markdown.ts';
import { type Case, sayStand, valueOf } from './result.ts';
import { type Axis, chart, type Line, type Panel } from './svg.ts';

const PERCENTILES = ['p50', 'p99', 'p99.9'];

/** Draws what can be drawn of these cases into the folder; the files' names, relative to it. */
export const drawCharts = (cases: readonly Case[], folder: string): readonly Chart[] => {
  mkdirSync(folder, { recursive: true });
  const drawn: Chart[] = [];
  const draw = (scenario: string, name: string, title: string, x: Axis, y: Axis, panels: readonly Panel[]): void => {
    if (!panels.some(({ lines }) => lines.some(({ points }) => points.length > 1))) return;
    writeFileSync(join(folder, `${name}.svg`), chart({ title, x, y, panels }));
    drawn.push({ scenario, title, path: `${name}.svg` });
  };
  for (const [stand, its] of byStand(cases)) {
    const of = (scenario: string): readonly Case[] => its.filter((each) => each.scenario === scenario);
    draw(
      'message',
      `message-${fileName(stand)}`,
      `A message’s latency until the agent has it, at 25, 50, 70 and 90 % of saturation: ${stand}`,
      { title: 'messages a second', scale: 'linear' },
      { title: 'ms', scale: 'log' },
      panelsByLine(of('message')),
    );
    draw(
      'history',
      `history-${fileName(stand)}`,
      `CPU of a page of 20, by the depth of the history: ${stand}`,
      { title: 'messages in the session', scale: 'log' },
      { title: 'µs', scale: 'linear' },
      [{ title: 'at saturation', lines: costByLine(of('history')) }],
    );
    draw(
      'growth',
      `growth-${fileName(stand)}`,
      `CPU of a message, by the sessions stored: ${stand}`,
      { title: 'sessions stored', scale: 'log' },
      { title: 'µs', scale: 'linear' },
      [{ title: 'with 1,000 sessions that talk', lines: costByLine(of('growth')) }],
    );
  }
  return drawn;
};

const fileName = (stand: string): string => stand.toLowerCase().replaceAll(/[ ,]+/g, '-');

/** By what Kefu stood on. */
const byStand = (cases: readonly Case[]): readonly (readonly [stand: string, cases: readonly Case[]])[] => {
  const stands = [...new Set(cases.map((each) => sayStand(each)))].sort();
  return stands.map((stand) => [stand, cases.filter((each) => sayStand(each) === stand)]);
};

const linesIn = (cases: readonly Case[]): readonly string[] => [
  ...new Set(cases.flatMap(({ place }) => (place === undefined ? [] : [place.line]))),
];

/** A panel for each line's name, in which the percentiles are lines over the rate. */
const panelsByLine = (cases: readonly Case[]): readonly Panel[] =>
  linesIn(cases).map((name) => ({
    title: name,
    lines: PERCENTILES.map((part) => ({
      name: part,
      points: pointsOf(
        cases.filter(({ place }) => place?.line === name),
        (each) => [valueOf(each, 'rate'), valueOf(each, 'delivery', part)],
      ),
    })),
  }));

const costByLine = (cases: readonly Case[]): readonly Line[] =>
  linesIn(cases).map((name) => ({
    name,
    points: pointsOf(
      cases.filter(({ place }) => place?.line === name),
      (each) => [each.place?.x, valueOf(each, 'CPU')],
    ),
  }));

const pointsOf = (
  cases: readonly Case[],
  at: (each: Case) => readonly [number | undefined, number | undefined],
): Line['points'] =>
  cases
    .flatMap((each) => {
      const [x, y] = at(each);
      return x === undefined || y === undefined ? [] : [[x, y] as const];
    })
    .sort(([one], [other]) => one - other);
