/** A language model, as a port: the adapter in `infra/assistant/`. */
import type { ModelUse, RefusalWhy } from '../../events/assistant.ts';
import type { ChatMessage } from './prompt.ts';

export interface ModelRequest {
  readonly tenant: string;
  readonly messages: readonly ChatMessage[];
  /** What the messages come to, by estimate. */
  readonly promptTokens: number;
  /** The longest answer of use. */
  readonly answerTokensMax: number;
  /** What this tenant may ask for in a minute; 0 = no limit. */
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
}

export type ModelFailure = Extract<
  RefusalWhy,
  'breaker_open' | 'overloaded' | 'limit_reached' | 'model_failed' | 'sensitive_answer'
>;

export type Tokens = Pick<ModelUse, 'promptTokens' | 'completionTokens'>;

export type ModelOutcome =
  | { readonly _tag: 'Said'; readonly text: string; readonly tokens: Tokens }
  | { readonly _tag: 'Failed'; readonly why: ModelFailure }
  /** The signal was raised: nothing is under way any more. */
  | { readonly _tag: 'Aborted' };

export interface Model {
  readonly name: string;
  /**
   * Hands on the answer as it comes, and says how it ended. Never rejects; stops at once when the signal is raised. What is
   * tried again, is tried before the first word was handed on.
   */
  ask(request: ModelRequest, signal: AbortSignal, onText: (piece: string) => void): Promise<ModelOutcome>;
}
