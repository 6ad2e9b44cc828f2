/** What is known of a question when it is judged. */
import type { ModelUse } from '../../events/assistant.ts';
import type { Candidate, Finding } from './knowledge-base.ts';
import type { ModelFailure } from './model.ts';

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
