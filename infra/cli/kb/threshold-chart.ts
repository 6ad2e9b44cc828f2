/** What each threshold of being sure would give and cost, as an SVG. */
import { type Figures, figuresOf, type Judged } from '../../../actors/assistant/knowledge/evaluation.ts';
import type { Thresholds } from '../../../actors/assistant/knowledge-base.ts';

interface Curve {
  readonly label: string;
  /** Told apart by the colour-blind too (Okabe and Ito 2008), and by its dashes where there is no colour. */
  readonly color: string;
  readonly dashes: string;
  readonly of: (figures: Figures) => number;
}

const CURVES: readonly Curve[] = [
  { label: 'answered or offered', color: '#0072b2', dashes: '', of: ({ reached }) => reached },
  { label: 'answered rightly', color: '#009e73', dashes: '', of: ({ right }) => right },
  { label: 'answered wrongly', color: '#d55e00', dashes: '7 3', of: ({ wrong }) => wrong },
  { label: 'no entry’s, yet answered', color: '#7b3294', dashes: '2 3', of: ({ outsideAnswered }) => outsideAnswered },
];

const [WIDTH, HEIGHT] = [760, 460];
const PLOT = { left: 70, right: 560, top: 60, bottom: 390 };
const STEPS = 100;
/** The least distance of two labels, in pixels. */
const LABEL_GAP = 18;

export const thresholdChart = (judged: readonly Judged[], { sureFrom, unsureFrom }: Thresholds): string => {
  const points = Array.from({ length: STEPS + 1 }, (_, step) =>
    figuresOf(judged, { sureFrom: step / STEPS, unsureFrom }),
  );
  const { inside = 0, outside = 0 } = points[0] ?? {};
  const curves = CURVES.map((curve) => ({ curve, values: points.map(curve.of) }));
  const labels = spread(curves.map(({ values }) => y(values.at(-1) ?? 0)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">
<title>What each threshold of being sure gives and costs</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${PLOT.left}" y="28" font-size="16" font-weight="bold" fill="#222">What each threshold of being sure gives and costs</text>
<text x="${PLOT.left}" y="46" fill="#555">${inside} questions that an entry answers, ${outside} that none does</text>
${grid()}
<line x1="${x(sureFrom)}" y1="${PLOT.top}" x2="${x(sureFrom)}" y2="${PLOT.bottom}" stroke="#555" stroke-dasharray="4 4"/>
<text x="${x(sureFrom) - 6}" y="${(PLOT.top + PLOT.bottom) / 2}" text-anchor="end" fill="#555">in force: ${sureFrom}</text>
${curves.map(({ curve, values }, at) => drawn(curve, values, labels[at] ?? 0)).join('\n')}
<text x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 22}" text-anchor="middle" fill="#222">confidence from which an answer is given</text>
<text transform="translate(20 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle" fill="#222">share of the questions</text>
</svg>
`;
};

const x = (threshold: number): number => Math.round(PLOT.left + threshold * (PLOT.right - PLOT.left));
const y = (share: number): number => Math.round((PLOT.bottom - share * (PLOT.bottom - PLOT.top)) * 10) / 10;

const grid = (): string =>
  [0, 0.2, 0.4, 0.6, 0.8, 1]
    .flatMap((tick) => [
      `<line x1="${PLOT.left}" y1="${y(tick)}" x2="${PLOT.right}" y2="${y(tick)}" stroke="#ddd"/>`,
      `<text x="${PLOT.left - 8}" y="${y(tick) + 4}" text-anchor="end" fill="#222">${Math.round(tick * 100)} %</text>`,
      `<line x1="${x(tick)}" y1="${PLOT.bottom}" x2="${x(tick)}" y2="${PLOT.bottom + 5}" stroke="#222"/>`,
      `<text x="${x(tick)}" y="${PLOT.bottom + 21}" text-anchor="middle" fill="#222">${tick}</text>`,
    ])
    .join('\n');

const drawn = ({ label, color, dashes }: Curve, values: readonly number[], labelY: number): string => {
  const points = values.map((value, step) => `${x(step / STEPS)},${y(value)}`).join(' ');
  const end = y(values.at(-1) ?? 0);
  return [
    `<polyline fill="none" stroke="${color}" stroke-width="2.5"${dashes === '' ? '' : ` stroke-dasharray="${dashes}"`} points="${points}"/>`,
    `<line x1="${PLOT.right + 2}" y1="${end}" x2="${PLOT.right + 14}" y2="${labelY}" stroke="${color}"/>`,
    `<text x="${PLOT.right + 18}" y="${labelY + 4}" fill="${color}">${label}</text>`,
  ].join('\n');
};

/** Where the labels stand so that none lies on another: as near to their curves' ends as that leaves room for. */
const spread = (ends: readonly number[]): readonly number[] => {
  const order = ends.map((_end, at) => at).sort((one, other) => (ends[other] ?? 0) - (ends[one] ?? 0));
  const placed: number[] = [];
  let free = PLOT.bottom;
  for (const at of order) {
    placed[at] = Math.min(ends[at] ?? 0, free);
    free = placed[at] - LABEL_GAP;
  }
  return placed;
};
