/** Line charts by hand: panels side by side, each with its own lines over common axes, in powers of ten where asked. */

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

export interface Axis {
  readonly title: string;
  readonly scale: 'linear' | 'log';
}

export interface ChartPlan {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly panels: readonly Panel[];
}

const WIDTH = 340;
const HEIGHT = 260;
const MARGIN = { left: 62, right: 16, top: 56, bottom: 50 };
const LEGEND_LINE = 18;
/** Of bold text, about. */
const CHARACTER_WIDTH = 7.5;
/** Told apart by people who see red and green alike, too (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const FONT = 'font-family="system-ui, sans-serif" font-size="12" fill="#333"';

export const chart = ({ title, x, y, panels }: ChartPlan): string => {
  const names = [...new Set(panels.flatMap(({ lines }) => lines.map(({ name }) => name)))];
  const points = panels.flatMap(({ lines }) => lines.flatMap((line) => line.points));
  const yScale = scaleOf(
    y,
    points.map(([, value]) => value),
    [HEIGHT, 0],
  );
  const across = MARGIN.left + WIDTH + MARGIN.right;
  const width = Math.max(across * panels.length, MARGIN.left + title.length * CHARACTER_WIDTH + MARGIN.right);
  const height = MARGIN.top + HEIGHT + MARGIN.bottom + LEGEND_LINE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${MARGIN.left}" y="20" font-weight="bold" ${FONT}>${escaped(title)}</text>`,
    ...panels.map(
      (panel, index) =>
        `<g transform="translate(${across * index + MARGIN.left} ${MARGIN.top})">${panelOf(panel, x, y, yScale, names)}</g>`,
    ),
    `<g transform="translate(${MARGIN.left} ${height - 10})">${legendOf(names)}</g>`,
    '</svg>',
    '',
  ].join('\n');
};

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

const scaleOf = (axis: Axis, values: readonly number[], [from, to]: readonly [number, number]): Scale => {
  const most = Math.max(...values, 0);
  if (axis.scale === 'log') {
    const positive = values.filter((value) => value > 0);
    const low = Math.floor(Math.log10(Math.min(...positive, most === 0 ? 1 : most)));
    const high = Math.max(low + 1, Math.ceil(Math.log10(most === 0 ? 10 : most)));
    const at = (value: number): number => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
    return { at, ticks: Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step)) };
  }
  const step = niceStep(most);
  const high = Math.max(step, Math.ceil(most / step) * step);
  const ticks = Array.from({ length: Math.round(high / step) + 1 }, (_, index) => index * step);
  return { at: (value) => from + (value / high) * (to - from), ticks };
};

/** Four or so steps of 1, 2 or 5 times a power of ten. */
const niceStep = (most: number): number => {
  const rough = Math.max(most, 1e-9) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((each) => each * power >= rough) ?? 10;
  return factor * power;
};

const panelOf = ({ title, lines }: Panel, x: Axis, y: Axis, yScale: Scale, names: readonly string[]): string => {
  const xScale = scaleOf(
    x,
    lines.flatMap((line) => line.points.map(([value]) => value)),
    [0, WIDTH],
  );
  return [
    `<text x="0" y="-10" ${FONT}>${escaped(title)}</text>`,
    ...yScale.ticks.map(
      (tick) =>
        `<line x1="0" x2="${WIDTH}" y1="${round(yScale.at(tick))}" y2="${round(yScale.at(tick))}" stroke="#ddd"/>` +
        `<text x="-8" y="${round(yScale.at(tick) + 4)}" text-anchor="end" ${FONT}>${short(tick)}</text>`,
    ),
    ...xScale.ticks.map(
      (tick) =>
        `<text x="${round(xScale.at(tick))}" y="${HEIGHT + 18}" text-anchor="middle" ${FONT}>${short(tick)}</text>`,
    ),
    `<line x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}" stroke="#333"/>`,
    `<text x="${WIDTH / 2}" y="${HEIGHT + 36}" text-anchor="middle" ${FONT}>${escaped(x.title)}</text>`,
    `<text transform="translate(-46 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle" ${FONT}>${escaped(y.title)}</text>`,
    ...lines.map((line) => lineOf(line, xScale, yScale, colourOf(names, line.name))),
  ].join('');
};

const lineOf = ({ points }: Line, x: Scale, y: Scale, colour: string): string => {
  const places = points.map(([xValue, yValue]) => [round(x.at(xValue)), round(y.at(yValue))] as const);
  const dots = places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`);
  const path = places.map((place) => place.join(',')).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}`;
};

const legendOf = (names: readonly string[]): string =>
  names
    .map((name, index) => {
      const left = names.slice(0, index).reduce((sum, each) => sum + 34 + each.length * 7, 0);
      const colour = colourOf(names, name);
      return (
        `<line x1="${left}" x2="${left + 18}" y1="-4" y2="-4" stroke="${colour}" stroke-width="3"/>` +
        `<text x="${left + 24}" y="0" ${FONT}>${escaped(name)}</text>`
      );
    })
    .join('');

const colourOf = (names: readonly string[], name: string): string =>
  COLOURS[names.indexOf(name) % COLOURS.length] ?? '#333';

const round = (value: number): number => Math.round(value * 10) / 10;

const short = (value: number): string => {
  if (value >= 1e6) return `${value / 1e6} M`;
  return value >= 1e4 ? `${value / 1e3} k` : Number(value.toPrecision(3)).toLocaleString('en');
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
