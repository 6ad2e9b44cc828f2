/** What the assistant knows by heart: questions with answers, and how sure it can be that one of them is meant. */
import type { Entry } from '../../events/knowledge.ts';

/** An entry that a question came near to. */
export interface Candidate {
  readonly entry: Entry;
  /** Which wording of the knowledge base this is: the entry as it stood can be found again by it. */
  readonly revision: string;
  /** The calibrated probability that this entry is what was asked for, 0 to 1. */
  readonly confidence: number;
}

/** From which confidence on an entry is the answer, and from which it is offered as one of a few. A policy has both. */
export interface Thresholds {
  readonly sureFrom: number;
  readonly unsureFrom: number;
}

export type Finding<C = Candidate> =
  | { readonly _tag: 'Sure'; readonly match: C }
  /** Up to three, likeliest first. */
  | { readonly _tag: 'Unsure'; readonly choices: readonly C[] }
  /** `nearest` is the likeliest entry all the same, where any word is shared. */
  | { readonly _tag: 'Nothing'; readonly nearest: C | undefined };

export interface KnowledgeBase {
  readonly size: number;
  /** `locale` is the session's, where it is known; the question's own script decides where it is not. */
  find(question: string, thresholds: Thresholds, locale?: string): Finding;
  /** The entry of this id as it stands now, with confidence 1. */
  entry(id: string): Candidate | undefined;
  /** Passages for a model's prompt, likeliest first, up to `limit`; below the threshold of being offered too. */
  passages(question: string, limit: number): readonly Candidate[];
}

/** One knowledge base a tenant. Always there, changes while running. */
export interface Knowledge {
  of(tenant: string): KnowledgeBase;
}
