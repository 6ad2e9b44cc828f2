/**
 * `node properties/run.mjs properties/bench/knowledge/main.ts`: what building, asking and changing a knowledge base costs.
 *
 * The entries are those of properties/knowledge, varied until there are enough: each word is in many more entries than in a
 * real knowledge base of the size, which is the worse case.
 */
import { THRESHOLDS } from '../../../actors/assistant/knowledge/coefficients.ts';
import { TenantKnowledge } from '../../../actors/assistant/knowledge/tenant-knowledge.ts';
import type { Entry } from '../../../events/knowledge.ts';
import { baseOf } from '../../../infra/assistant/base.ts';
import { fitted, heldBack } from '../../knowledge/corpora.ts';

const corpora = [...fitted, ...heldBack];
const entries = corpora.flatMap((corpus) => corpus.entries);
const queries = corpora.flatMap((corpus) => corpus.queries);

const grown = (count: number): readonly Entry[] =>
  Array.from({ length: count }, (_, at) => {
    const round = Math.floor(at / entries.length);
    const [entry, other] = [entries[at % entries.length], entries[(at * 7 + 3) % entries.length]];
    if (entry === undefined || other === undefined) throw new Error('there are entries');
    const more = round === 0 ? '' : ` ${other.question.slice(0, 6)} ${round}`;
    return { ...entry, id: `${entry.id}-${at}`, question: entry.question + more };
  });

const micros = (times: number, action: (at: number) => void): number => {
  const start = performance.now();
  for (let at = 0; at < times; at++) action(at);
  return Math.round(((performance.now() - start) / times) * 1_000);
};

/** Until the code is compiled for good. */
const WARMING_ROUNDS = 5;

const ask = (knowledge: TenantKnowledge): number =>
  micros(queries.length, (at) => knowledge.find(queries[at]?.text ?? '', THRESHOLDS, queries[at]?.lang));

for (const count of [1_000, 10_000]) {
  const all = grown(count);
  const start = performance.now();
  const base = baseOf(all);
  const buildMs = Math.round(performance.now() - start);
  const knowledge = new TenantKnowledge(base);
  for (let round = 0; round < WARMING_ROUNDS; round++) ask(knowledge);
  const findMicros = ask(knowledge);
  const by = { role: 'admin', id: 'bench' } as const;
  const putMicros = micros(500, (at) => {
    const entry = all[at];
    if (entry !== undefined) knowledge.apply({ type: 'EntryPut', entry, by }, at + 1);
  });
  console.log(
    `${count} entries: built in ${buildMs} ms, a question ${findMicros} µs, a change ${putMicros} µs, a question then ${ask(knowledge)} µs`,
  );
}
