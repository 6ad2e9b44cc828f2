/**
 * `npm run kb:fit`: fits the model of confidences and its thresholds on the knowledge bases of this folder, says how it does
 * on a knowledge base that it was not fitted on, each in turn, and writes `coefficients.ts`.
 */
import { writeFileSync } from 'node:fs';
import { type Coefficients, confidences } from '../../actors/assistant/knowledge/confidence.ts';
import { figuresOf, type Judged } from '../../actors/assistant/knowledge/evaluation.ts';
import { ENTRY_EVIDENCE, NONE_EVIDENCE } from '../../actors/assistant/knowledge/evidence.ts';
import { type Retrieved, retrieve } from '../../actors/assistant/knowledge/retrieval.ts';
import { TenantKnowledge } from '../../actors/assistant/knowledge/tenant-knowledge.ts';
import type { Thresholds } from '../../actors/assistant/knowledge-base.ts';
import { baseOf } from '../../infra/assistant/base.ts';
import { type Corpus, fitted } from './corpora.ts';
import { fit, type Sample } from './logit.ts';
import { sayFigures } from './say-figures.ts';

/** What the threshold of being sure may cost at most, of the questions inside and of those outside; and in any one. */
const WRONG_MAX = 0.01;
const OUTSIDE_ANSWERED_MAX = 0.03;
/** Wrongly answered of the questions on any one knowledge base. */
const IN_ONE_MAX = 0.05;
/** How much of what is reached with no threshold for offers must be reached with one. */
const REACHED_KEPT = 0.995;

interface Asked extends Sample {
  readonly found: Retrieved;
}

const asked = new Map(
  fitted.map((corpus) => {
    const knowledge = new TenantKnowledge(baseOf(corpus.entries));
    const samples = corpus.queries.map(({ text, expect }): Asked => {
      const found = retrieve(knowledge, text, undefined);
      return { ...found, found, right: found.entries.findIndex(({ entry }) => entry.id === expect) };
    });
    return [corpus, samples];
  }),
);

/** Questions whose entry was not even found teach nothing about which of the found ones is right. */
const teaching = (corpora: readonly Corpus[]): readonly Sample[] =>
  corpora.flatMap((corpus) =>
    (asked.get(corpus) ?? []).filter(({ right }, at) => right >= 0 || corpus.queries[at]?.expect === null),
  );

const judge = (corpus: Corpus, coefficients: Coefficients): readonly Judged[] =>
  corpus.queries.map((query, at) => {
    const { entries, evidence, none } = asked.get(corpus)?.[at]?.found ?? { entries: [], evidence: [], none: [] };
    const probabilities = confidences(evidence, none, coefficients);
    const nearest = entries.map(({ entry }, place) => ({ id: entry.id, confidence: probabilities[place] ?? 0 }));
    return { query, nearest: nearest.toSorted((one, other) => other.confidence - one.confidence) };
  });

const outOfFold = fitted.map((corpus) => ({
  name: corpus.name,
  judged: judge(corpus, fit(teaching(fitted.filter((each) => each !== corpus)))),
}));
const pooled = outOfFold.flatMap(({ judged }) => judged);

const steps = Array.from({ length: 99 }, (_, at) => (at + 1) / 100);
const isCheap = (sureFrom: number): boolean => {
  const inAll = figuresOf(pooled, { sureFrom, unsureFrom: sureFrom });
  const inEach = outOfFold.map(({ judged }) => figuresOf(judged, { sureFrom, unsureFrom: sureFrom }));
  return (
    inAll.wrong <= WRONG_MAX &&
    inAll.outsideAnswered <= OUTSIDE_ANSWERED_MAX &&
    inEach.every(({ wrong }) => wrong <= IN_ONE_MAX)
  );
};
const sureFrom = steps.find(isCheap) ?? 0.99;
const reachable = figuresOf(pooled, { sureFrom, unsureFrom: 0 }).reached;
const unsureFrom =
  steps
    .toReversed()
    .find((each) => figuresOf(pooled, { sureFrom, unsureFrom: each }).reached >= REACHED_KEPT * reachable) ?? 0.01;
const thresholds: Thresholds = { sureFrom, unsureFrom };

console.log(`sure from ${sureFrom}, offered from ${unsureFrom}; each knowledge base by a model fitted on the others:`);
for (const { name, judged } of [...outOfFold, { name: 'all', judged: pooled }])
  console.log(sayFigures(name, figuresOf(judged, thresholds)));

const { entry, none } = fit(teaching(fitted));
const named = (names: readonly string[], values: readonly number[]): string =>
  names.map((name, at) => `    ${name}: ${Number((values[at] ?? 0).toFixed(3))},\n`).join('');
writeFileSync(
  new URL('../../actors/assistant/knowledge/coefficients.ts', import.meta.url),
  `/**
 * Made by \`npm run kb:fit\`, to be changed there. Coefficients: greatest penalised likelihood on the knowledge bases
 * ${fitted.map(({ name }) => name).join(', ')} of properties/knowledge. Thresholds: the lowest at which, each knowledge base
 * judged by a model fitted on the others, ${WRONG_MAX * 100} % are answered wrongly and ${OUTSIDE_ANSWERED_MAX * 100} % of what no entry answers is
 * answered, and in no one of them more than ${IN_ONE_MAX * 100} % wrongly; and the highest at which offers still reach ${REACHED_KEPT * 100} % of what they could.
 */
export const COEFFICIENTS = {
  entry: {
${named(ENTRY_EVIDENCE, entry)}  },
  none: {
${named(NONE_EVIDENCE, none)}  },
} as const;

export const THRESHOLDS = { sureFrom: ${sureFrom}, unsureFrom: ${unsureFrom} } as const;
`,
);
