/** What `kefu whatif` has found, for people. */
import type { Comparison, Kind, Waited } from '../../../actors/assistant/hindsight/comparison.ts';
import { outcomes } from '../../../actors/assistant/hindsight/verdict.ts';
import type { Period } from '../moment.ts';
import type { Difference } from './differences.ts';
import { bar, duration, number, percent, signed } from './lay-out.ts';
import { sayChange } from './say-change.ts';

export interface Found extends Period {
  /** The policy file, as it was named. */
  readonly policy: string;
  readonly differences: readonly Difference[];
  readonly comparison: Comparison;
  /** `requests`: questions that a live model was asked. */
  readonly model: { readonly source: 'recorded' | 'live' | 'none'; readonly requests: number };
}

const NAME_COLUMNS = 26;
const COUNT_COLUMNS = 9;
const SHARE_COLUMNS = 9;
const BAR_COLUMNS = 12;
const LINE_COLUMNS = 110;

export const reportOf = (found: Found): string => {
  const { comparison, policy } = found;
  const head = `What if ${policy} had been in force: ${counted(comparison.questions, 'question')} in ${counted(comparison.sessions, 'session')}${timeOf(found)}`;
  const parts = [head, differencesOf(found.differences)];
  if (comparison.questions > 0)
    parts.push(
      questionsOf(comparison),
      sessionsOf(comparison),
      waitsOf(comparison),
      changesOf(comparison),
      modelOf(found),
    );
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
};

const counted = (count: number, what: string): string => `${number(count)} ${what}${count === 1 ? '' : 's'}`;

const timeOf = ({ sinceMs, untilMs }: Period): string => {
  const from = Number.isFinite(sinceMs) ? ` from ${moment(sinceMs)}` : '';
  const to = Number.isFinite(untilMs) ? ` up to ${moment(untilMs)}` : '';
  return from + to === '' ? '' : `,${from}${to}`;
};
const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const differencesOf = (differences: readonly Difference[]): string => {
  if (differences.length === 0) return 'Nothing in it is otherwise than now.';
  const columns = Math.max(...differences.map(({ place }) => place.length));
  return ['What is different', ...differences.map(({ place, what }) => `  ${place.padEnd(columns)}  ${what}`)].join(
    '\n',
  );
};

interface Row {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** Rows of nothing are left out. */
const table = (title: string, rows: readonly Row[]): string => {
  const sum = (side: 'before' | 'after'): number => rows.reduce((total, row) => total + row[side], 0);
  const [allBefore, allAfter] = [sum('before'), sum('after')];
  const [left, right] = ['as it was', 'what if'].map((side) => side.padStart(COUNT_COLUMNS + SHARE_COLUMNS));
  return [
    `${title.padEnd(NAME_COLUMNS)}${left}${' '.repeat(BAR_COLUMNS + 2)}${right}`,
    ...rows
      .filter(({ before, after }) => before + after > 0)
      .map(({ name, before, after }) => {
        const one = cells(before, allBefore);
        const other = cells(after, allAfter);
        return `  ${name.padEnd(NAME_COLUMNS - 2)}${one}  ${other}${signed(after - before).padStart(8)}`.trimEnd();
      }),
  ].join('\n');
};

const cells = (count: number, all: number): string =>
  `${number(count).padStart(COUNT_COLUMNS)}${percent(count, all).padStart(SHARE_COLUMNS)} ${bar(all === 0 ? 0 : count / all, BAR_COLUMNS - 1).padEnd(BAR_COLUMNS - 1)}`;

const questionsOf = ({ before, after, questions, recorded }: Comparison): string => {
  const rows = outcomes.map((name) => ({ name, before: before.get(name) ?? 0, after: after.get(name) ?? 0 }));
  const rest = questions - recorded;
  const note =
    rest === 0
      ? '  As it was: as the assistant’s decisions are on record.'
      : `  As it was: on record for ${number(recorded)}; the ${number(rest)} that the assistant was not asked are put to the present policy.`;
  return `${table('Each question by itself', rows)}\n${note}`;
};

const sessionsOf = ({ endsBefore, endsAfter }: Comparison): string =>
  table('Whole sessions', [
    row('without a person', endsBefore.get('assistant'), endsAfter.get('assistant')),
    row('with people', endsBefore.get('people'), endsAfter.get('people')),
    row('unknown', endsBefore.get('unknown'), endsAfter.get('unknown')),
  ]);

const row = (name: string, before = 0, after = 0): Row => ({ name, before, after });

const STEPS: readonly (readonly [name: string, belowMs: number])[] = [
  ['less than a second', 1_000],
  ['up to 10 seconds', 10_000],
  ['up to a minute', 60_000],
  ['up to 5 minutes', 300_000],
  ['up to 30 minutes', 1_800_000],
  ['longer', Number.POSITIVE_INFINITY],
];

const waitsOf = ({ waitedBefore, waitedAfter, people }: Comparison): string => {
  const steps = STEPS.map(([name, belowMs], index) => {
    const fromMs = STEPS[index - 1]?.[1] ?? 0;
    const between = ({ waits }: Waited): number => waits.below(belowMs) - (fromMs === 0 ? 0 : waits.below(fromMs));
    return row(name, between(waitedBefore), between(waitedAfter));
  });
  const rows = [
    ...steps,
    row('never answered', waitedBefore.never, waitedAfter.never),
    row('until people come', waitedBefore.people, waitedAfter.people),
    row('unknown', waitedBefore.unknown, waitedAfter.unknown),
  ];
  const median = people.quantile(0.5);
  return [
    table('How long visitors wait', rows),
    within('  half of them within', 0.5, waitedBefore, waitedAfter),
    within('  nine of ten within', 0.9, waitedBefore, waitedAfter),
    ...(median === undefined
      ? []
      : [`  Of those who were handed to people, half had heard from one within ${duration(median)}.`]),
  ].join('\n');
};

/** Beneath the table's columns. */
const within = (name: string, share: number, before: Waited, after: Waited): string => {
  const [left, right] = [before, after].map(({ waits }) => {
    const waitMs = waits.quantile(share);
    return (waitMs === undefined ? '–' : duration(waitMs)).padStart(COUNT_COLUMNS + SHARE_COLUMNS);
  });
  return `${name.padEnd(NAME_COLUMNS)}${left}${' '.repeat(BAR_COLUMNS + 2)}${right}`;
};

const changesOf = ({ kinds, changed, changedSince, questions }: Comparison): string => {
  if (changed === 0) return 'Every question fares as before.';
  const most = kinds[0]?.count ?? 1;
  return [
    `What changes: ${counted(changed, 'question')} of ${number(questions)}`,
    ...(changedSince === 0
      ? []
      : [
          `  ${number(changedSince)} of them would be decided so today as well: the policy or the knowledge was another one when they were asked.`,
        ]),
    ...kinds.map((kind) => kindOf(kind, most)),
  ].join('\n');
};

const kindOf = ({ from, to, count, examples }: Kind, most: number): string => {
  const what = from === to ? `${from}, but otherwise` : `${from} → ${to}`;
  return [
    '',
    `${number(count).padStart(COUNT_COLUMNS)}  ${what.padEnd(54)} ${bar(count / most, 2 * BAR_COLUMNS)}`,
    ...examples.flatMap((change) => sayChange(change, LINE_COLUMNS, ' '.repeat(COUNT_COLUMNS + 2))),
  ].join('\n');
};

const modelOf = ({ model, comparison }: Found): string => {
  const unknown = comparison.after.get('unknown') ?? 0;
  if (model.source === 'live') return `The model was asked ${counted(model.requests, 'time')}.`;
  if (model.source === 'none' || unknown === 0) return '';
  return `Unknown: a model would be asked ${counted(unknown, 'question')} that the log holds no answer of one to. --model live asks it, --model none does without.`;
};
