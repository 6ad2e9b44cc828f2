/** A second opinion on the order of a few candidates, from something that needs the network: optional, and never waited for long. */
import type { Candidate } from './knowledge-base.ts';

export interface Reranker {
  /**
   * The same candidates, likeliest first, the confidences shared out anew; as they were where no opinion is to be had in time
   * or the signal is raised. Never rejects.
   */
  rerank(question: string, choices: readonly Candidate[], signal: AbortSignal): Promise<readonly Candidate[]>;
}
