/** What confidences amount to: an answer, an offer, or nothing. The one place where thresholds are held against them. */
import type { Finding, Thresholds } from './knowledge-base.ts';

export const CHOICES_MAX = 3;
/** Less likely than one in fifty is no choice worth reading. */
const CHOICE_CONFIDENCE_MIN = 0.02;

/** Candidates come likeliest first. */
export const findingOf = <C extends { readonly confidence: number }>(
  candidates: readonly C[],
  { sureFrom, unsureFrom }: Thresholds,
): Finding<C> => {
  const [first] = candidates;
  if (first !== undefined && first.confidence >= sureFrom) return { _tag: 'Sure', match: first };
  if (first === undefined || first.confidence < unsureFrom) return { _tag: 'Nothing', nearest: first };
  const others = candidates.slice(1, CHOICES_MAX).filter(({ confidence }) => confidence >= CHOICE_CONFIDENCE_MIN);
  return { _tag: 'Unsure', choices: [first, ...others] };
};
