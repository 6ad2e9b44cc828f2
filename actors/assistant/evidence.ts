/** What is known of a question when it is judged. */
import type { ModelUse } from '../../events/assistant.ts';
import type { Candidate, Finding } from './knowledge-base.ts';
import type { ModelFailure } from './model.ts';
import type { Policy } from './policy.ts';

/** Before a model is asked. */
export interface Evidence {
  /** Whether there is a sensitive word in what the visitor wrote. */
  readonly isSensitive: boolean;
  readonly finding: Finding;
  /** The entry that the visitor chose, if it is still there. */
  readonly chosen: Candidate | undefined;
  /** Whether a model can be asked. */
  readonly hasModel: boolean;
}

/** How asking the model ended. */
export type ModelResult = (
  | { readonly _tag: 'Said'; readonly text: string }
  /** It says itself that it has no answer. */
  | { readonly _tag: 'SteppedBack' }
  | { readonly _tag: 'Failed'; readonly why: ModelFailure | 'budget_spent' }
) & { readonly use: ModelUse; readonly passages: readonly Candidate[] };

/** What the assistant has in hand when it gives no answer. */
export interface Tried {
  readonly finding?: Finding;
  readonly result?: ModelResult;
}

export const nearestOf = (finding: Finding): Candidate | undefined => {
  switch (finding._tag) {
    case 'Sure':
      return finding.match;
    case 'Unsure':
      return finding.choices[0];
    case 'Nothing':
      return finding.nearest;
  }
};

/** The finding by the policy's own thresholds, given all candidates, likeliest first. */
export const ratedBy = (
  { sureFrom, unsureFrom }: Policy,
  finding: Finding,
  candidates: readonly Candidate[],
): Finding => {
  const nearest = nearestOf(finding) ?? candidates[0];
  if (nearest === undefined) return finding;
  const isSure = sureFrom === undefined ? finding._tag === 'Sure' : nearest.confidence >= sureFrom;
  if (isSure) return { _tag: 'Sure', match: nearest };
  if (finding._tag === 'Nothing' && unsureFrom === undefined) return finding;
  const least = unsureFrom ?? 0;
  const choices = (candidates.length > 0 ? candidates : [nearest]).filter(({ confidence }) => confidence >= least);
  return choices.length > 0 ? { _tag: 'Unsure', choices } : { _tag: 'Nothing', nearest };
};
