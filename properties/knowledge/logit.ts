/** Fits the conditional logit model that confidences come from. */
import { type Coefficients, confidences } from '../../actors/assistant/knowledge/confidence.ts';
import { ENTRY_EVIDENCE, NONE_EVIDENCE } from '../../actors/assistant/knowledge/evidence.ts';

/** One question with what was found; `right` is the place of the right entry, -1 where none is right. */
export interface Sample {
  readonly evidence: readonly (readonly number[])[];
  readonly none: readonly number[];
  readonly right: number;
}

const ROUNDS = 1_500;
const RATE = 0.05;
/** Keeps a coefficient from growing on the strength of a few questions. */
const SHRINKAGE = 0.0005;

/** Greatest penalised likelihood, by Adam (Kingma and Ba 2015) over all samples at once: no chance is involved. */
export const fit = (samples: readonly Sample[]): Coefficients => {
  const weights = new Float64Array(ENTRY_EVIDENCE.length + NONE_EVIDENCE.length);
  const mean = new Float64Array(weights.length);
  const square = new Float64Array(weights.length);
  for (let round = 1; round <= ROUNDS; round++) {
    const slope = slopeAt(samples, coefficientsIn(weights));
    weights.forEach((weight, at) => {
      const each = (slope[at] ?? 0) / samples.length + SHRINKAGE * weight;
      mean[at] = 0.9 * (mean[at] ?? 0) + 0.1 * each;
      square[at] = 0.999 * (square[at] ?? 0) + 0.001 * each * each;
      const step = (mean[at] ?? 0) / (1 - 0.9 ** round) / (Math.sqrt((square[at] ?? 0) / (1 - 0.999 ** round)) + 1e-8);
      weights[at] = weight - RATE * step;
    });
  }
  return coefficientsIn(weights);
};

const coefficientsIn = (weights: Float64Array): Coefficients => ({
  entry: Array.from(weights.subarray(0, ENTRY_EVIDENCE.length)),
  none: Array.from(weights.subarray(ENTRY_EVIDENCE.length)),
});

const slopeAt = (samples: readonly Sample[], coefficients: Coefficients): Float64Array => {
  const slope = new Float64Array(ENTRY_EVIDENCE.length + NONE_EVIDENCE.length);
  const add = (from: number, evidence: readonly number[], error: number): void => {
    evidence.forEach((each, at) => {
      slope[from + at] = (slope[from + at] ?? 0) + error * each;
    });
  };
  for (const { evidence, none, right } of samples) {
    const probabilities = confidences(evidence, none, coefficients);
    const ofNone = 1 - probabilities.reduce((sum, each) => sum + each, 0);
    evidence.forEach((each, at) => add(0, each, (probabilities[at] ?? 0) - (at === right ? 1 : 0)));
    add(ENTRY_EVIDENCE.length, none, ofNone - (right < 0 ? 1 : 0));
  }
  return slope;
};
