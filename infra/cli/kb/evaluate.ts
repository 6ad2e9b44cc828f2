/** `kefu kb evaluate`: how well a knowledge base answers questions of which it is known what they ask for. */
import { writeFile } from 'node:fs/promises';
import {
  confidenceOf,
  type Figures,
  figuresOf,
  type Judged,
  missesOf,
  mistakesOf,
  Query,
} from '../../../actors/assistant/knowledge/evaluation.ts';
import { TenantKnowledge } from '../../../actors/assistant/knowledge/tenant-knowledge.ts';
import type { Thresholds } from '../../../actors/assistant/knowledge-base.ts';
import type { Entry } from '../../../events/knowledge.ts';
import { assistantSettings } from '../../assistant/assistant-settings.ts';
import { baseOf } from '../../assistant/base.ts';
import { entriesIn, linesIn } from '../../assistant/knowledge-lines.ts';
import { sampleKnowledge } from '../../assistant/sample-knowledge.ts';
import { readConfig } from '../../config.ts';
import { WrongUsage } from '../exit.ts';
import { writeOut } from '../write-out.ts';
import { readLines } from './files.ts';
import { thresholdChart } from './threshold-chart.ts';

export interface EvaluateOptions {
  readonly queries: string;
  readonly kb?: string;
  readonly svg?: string;
  /** Whose policy's thresholds are in force. */
  readonly tenant: string;
}

const WORST_MAX = 15;

export const evaluateKnowledge = async ({ queries: file, kb, svg, tenant }: EvaluateOptions): Promise<void> => {
  const config = readConfig();
  const { policies } = await assistantSettings(config);
  const thresholds = policies.of(tenant);
  const entries = await entriesOf(kb ?? config.knowledgeFile);
  const queries = await readLines(file, (text) => linesIn<Query>(text, Query));
  const ids = new Set(entries.map(({ id }) => id));
  const lost = queries.filter(({ value: { expect } }) => expect !== null && !ids.has(expect));
  const [first] = lost;
  if (first !== undefined) {
    const base = kb ?? config.knowledgeFile;
    const where = base === undefined ? 'the built-in sample; --kb names another knowledge base' : base;
    throw new WrongUsage(
      `${file}: line ${first.number}${lost.length > 1 ? ` and ${lost.length - 1} more` : ''}: expect: expected null, or the id of an entry of ${where}`,
    );
  }
  const judged = judge(
    entries,
    queries.map(({ value }) => value),
  );
  await writeOut(`${report(judged, thresholds)}\n`);
  if (svg === undefined) return;
  await writeFile(svg, thresholdChart(judged, thresholds));
  process.stderr.write(`evaluate: the curve over the threshold is in ${svg}\n`);
};

const entriesOf = async (file: string | undefined): Promise<readonly Entry[]> =>
  file === undefined ? sampleKnowledge : (await readLines(file, entriesIn)).map(({ value }) => value);

const judge = (entries: readonly Entry[], queries: readonly Query[]): readonly Judged[] => {
  const knowledge = new TenantKnowledge(baseOf(entries));
  return queries.map((query) => ({
    query,
    nearest: knowledge.likeliest(query.text, query.lang).map(({ entry, confidence }) => ({ id: entry.id, confidence })),
  }));
};

const report = (judged: readonly Judged[], thresholds: Thresholds): string => {
  const languages = [...new Set(judged.map(({ query }) => query.lang ?? 'unknown'))].toSorted();
  const rows = ['all', ...languages].map((language) => {
    const some = judged.filter(({ query }) => language === 'all' || (query.lang ?? 'unknown') === language);
    return [language, ...cells(figuresOf(some, thresholds))];
  });
  return [
    `answered from a confidence of ${thresholds.sureFrom} on, offered from ${thresholds.unsureFrom} on`,
    '',
    ...aligned([HEADINGS, ...rows]),
    '',
    'Of what an entry answers: right, wrong = answered so; reached = answered rightly, or offered among three.',
    'Of what none answers: answered all the same, offered something. Coverage = answered, of all.',
    ...listed('Answered wrongly, the surest first', mistakesOf(judged, thresholds)),
    ...listed('Neither answered nor offered', missesOf(judged, thresholds)),
  ].join('\n');
};

const HEADINGS = ['', 'questions', 'right', 'wrong', 'reached', 'coverage', 'of none', 'answered', 'offered'];

const cells = (figures: Figures): readonly string[] => [
  String(figures.inside),
  percent(figures.right),
  percent(figures.wrong),
  percent(figures.reached),
  percent(figures.coverage),
  String(figures.outside),
  percent(figures.outsideAnswered),
  percent(figures.outsideOffered),
];

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const aligned = (rows: readonly (readonly string[])[]): readonly string[] =>
  rows.map(([name = '', ...rest]) => name.padEnd(8) + rest.map((cell) => cell.padStart(11)).join(''));

const listed = (title: string, some: readonly Judged[]): readonly string[] => {
  if (some.length === 0) return [];
  const lines = some.slice(0, WORST_MAX).map((each) => {
    const { query, nearest } = each;
    const found = nearest[0]?.id ?? 'nothing';
    return `  ${confidenceOf(each).toFixed(2)}  ${found}, expected ${query.expect ?? 'none'}: ${query.text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`;
  });
  const more = some.length > WORST_MAX ? [`  and ${some.length - WORST_MAX} more`] : [];
  return ['', `${title} (${some.length}):`, ...lines, ...more];
};
