/** What it costs to look through a text of 200 characters for 10,000 sensitive words: `node properties/run.mjs properties/bench/sensitive-words/main.ts`. */
import { WordFilter } from '../../../actors/assistant/sensitive-words/word-filter.ts';
import { seeded } from '../../demo/chance.ts';

const WORDS = 10_000;
const TEXT_CHARS = 200;
const TEXTS = 400;
const ROUNDS = 50;
const BOUND_US = 20;

const chance = seeded(1);
const below = (bound: number): number => Math.floor(chance() * bound);
const some = (count: number, from: number, width: number): string =>
  String.fromCharCode(...Array.from({ length: count }, () => from + below(width)));
/** Seven in ten are Chinese, of characters as frequent as those of the texts. */
const word = (): string => (chance() < 0.7 ? some(2 + below(4), 0x4e00, 600) : some(4 + below(6), 97, 26));
const text = (): string => {
  let written = '';
  while (written.length < TEXT_CHARS)
    written += chance() < 0.5 ? `${some(1 + below(12), 0x4e00, 600)}，` : `${some(1 + below(9), 97, 26)} `;
  return written.slice(0, TEXT_CHARS);
};

const begun = performance.now();
const filter = new WordFilter(Array.from({ length: WORDS }, word));
const builtMs = performance.now() - begun;
const texts = Array.from({ length: TEXTS }, text);
for (let round = 0; round < 20; round++) for (const each of texts) filter.find(each);
const start = performance.now();
let found = 0;
for (let round = 0; round < ROUNDS; round++) for (const each of texts) if (filter.holds(each)) found += 1;
const eachUs = ((performance.now() - start) * 1_000) / (ROUNDS * TEXTS);
console.log(
  `${filter.size} words made ready in ${builtMs.toFixed(0)} ms; ${TEXT_CHARS} characters in ${eachUs.toFixed(2)} µs (bound: ${BOUND_US}); ${Math.round((100 * found) / (ROUNDS * TEXTS))} % of the texts hold one`,
);
process.exitCode = eachUs <= BOUND_US ? 0 : 1;
