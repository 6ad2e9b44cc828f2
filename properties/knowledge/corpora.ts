/** Knowledge bases of several trades, with questions as customers write them: our own words, to fit on and to test with. */
import { readFileSync } from 'node:fs';
import { isLeft } from 'fp-ts/lib/Either.js';
import { Query } from '../../actors/assistant/knowledge/evaluation.ts';
import { type Decoder, decode, sayFlaws } from '../../events/codec.ts';
import { Entry } from '../../events/knowledge.ts';

export interface Corpus {
  readonly name: string;
  readonly entries: readonly Entry[];
  readonly queries: readonly Query[];
}

/** The model and the thresholds are fitted on these. */
const FITTED = ['shop', 'store', 'bank', 'telecom', 'travel', 'saas', 'home', 'beauty'];
/** Nothing is fitted on these. */
const HELD_BACK = ['delivery', 'outdoor', 'gadget', 'fashion'];

const load = (name: string): Corpus => ({
  name,
  entries: linesOf<Entry>(`${name}.kb.ndjson`, Entry),
  queries: linesOf<Query>(`${name}.queries.ndjson`, Query),
});

const linesOf = <A>(file: string, codec: Decoder<unknown, A>): readonly A[] =>
  readFileSync(new URL(`./corpus/${file}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const decoded = decode(codec, JSON.parse(line) as unknown);
      if (isLeft(decoded)) throw new Error(`${file} line ${index + 1}: ${sayFlaws(decoded.left)}`);
      return decoded.right;
    });

export const fitted: readonly Corpus[] = FITTED.map(load);
export const heldBack: readonly Corpus[] = HELD_BACK.map(load);
