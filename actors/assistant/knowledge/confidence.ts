/** From evidence to probabilities. */
import { COEFFICIENTS } from './coefficients.ts';
import { ENTRY_EVIDENCE, NONE_EVIDENCE } from './evidence.ts';

export interface Coefficients {
  /** A weight for each of {@link ENTRY_EVIDENCE}. */
  readonly entry: readonly number[];
  /** A weight for each of {@link NONE_EVIDENCE}. */
  readonly none: readonly number[];
}

const fitted: Coefficients = {
  entry: ENTRY_EVIDENCE.map((name) => COEFFICIENTS.entry[name]),
  none: NONE_EVIDENCE.map((name) => COEFFICIENTS.none[name]),
};

/**
 * The probability of each entry, by a conditional logit model (McFadden 1974) in which "none of these" is a choice among the
 * others: so a second entry that is nearly as good lowers the first, and what is near to nothing is near to nothing.
 */
export const confidences = (
  entries: readonly (readonly number[])[],
  none: readonly number[],
  { entry: ofEntry, none: ofNone }: Coefficients = fitted,
): readonly number[] => {
  const utilities = entries.map((evidence) => dot(ofEntry, evidence));
  const utilityOfNone = dot(ofNone, none);
  const top = Math.max(utilityOfNone, ...utilities);
  const total = utilities.reduce((sum, utility) => sum + Math.exp(utility - top), Math.exp(utilityOfNone - top));
  return utilities.map((utility) => Math.exp(utility - top) / total);
};

const dot = (weights: readonly number[], evidence: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * (evidence[at] ?? 0), 0);
