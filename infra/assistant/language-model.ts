/**
 * A model behind everything that keeps it from taking Kefu down with it: a tenant's allowance, a bounded queue, a breaker,
 * and retries that end with the budget. Loaded only where a model is set.
 */

import { TIME_IS_OVER } from '../../actors/assistant/budget.ts';
import type { Model, ModelFailure, ModelOutcome, ModelRequest } from '../../actors/assistant/model.ts';
import { tokensIn } from '../../actors/assistant/tokens.ts';
import type { World } from '../../actors/world.ts';
import { pause } from '../pause.ts';
import { randomBelow } from '../random.ts';
import { Allowance } from './allowance.ts';
import { Breaker, type Pass } from './breaker.ts';
import { Bulkhead } from './bulkhead.ts';
import { type Attempt, type ChatServer, complete } from './chat-completions.ts';

export interface ModelLimits {
  /** Requests at once; 0 = no limit. */
  readonly atOnce: number;
  /** Questions that may wait for one of those to end. */
  readonly waiting: number;
}

const ATTEMPTS_MAX = 3;
const BACKOFF_MS = 100;
/** Who asks for more patience than this is not asked again for this question. */
const RETRY_AFTER_MAX_MS = 2_000;

/** Between two lines in the log. */
const REPORT_EVERY_MS = 10_000;

export class LanguageModel implements Model {
  readonly name: string;
  readonly #server: ChatServer;
  readonly #world: Pick<World, 'monotonicMs' | 'report'>;
  readonly #bulkhead: Bulkhead;
  readonly #breaker: Breaker;
  readonly #allowance: Allowance;
  /** Whether the server is known to refuse keys that not every server knows. */
  #isBare = false;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(server: ChatServer, limits: ModelLimits, world: Pick<World, 'monotonicMs' | 'report'>) {
    this.name = server.model;
    this.#server = server;
    this.#world = world;
    this.#bulkhead = new Bulkhead(limits.atOnce, limits.waiting);
    this.#breaker = new Breaker(world);
    this.#allowance = new Allowance(world);
  }

  async ask(request: ModelRequest, signal: AbortSignal, onText: (piece: string) => void): Promise<ModelOutcome> {
    const { tenant, promptTokens, requestsPerMinute, tokensPerMinute } = request;
    if (this.#breaker.isResting) return failed('breaker_open');
    if (!this.#allowance.take(tenant, promptTokens, requestsPerMinute, tokensPerMinute)) return failed('limit_reached');
    const leave = await this.#bulkhead.enter(signal);
    if (leave === 'full') return failed('overloaded');
    if (leave === 'aborted') return { _tag: 'Aborted' };
    try {
      const pass = this.#breaker.enter();
      if (pass === undefined) return failed('breaker_open');
      return await this.#tryAgain(request, signal, onText, pass);
    } finally {
      leave();
    }
  }

  async #tryAgain(
    request: ModelRequest,
    signal: AbortSignal,
    onText: (piece: string) => void,
    pass: Pass,
  ): Promise<ModelOutcome> {
    let said = '';
    const hear = (piece: string): void => {
      said += piece;
      onText(piece);
    };
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(request, signal, hear);
      if (outcome === 'aborted') {
        if (signal.reason === TIME_IS_OVER) pass.failed();
        else pass.abandoned();
        this.#allowance.add(request.tenant, tokensIn(said));
        return { _tag: 'Aborted' };
      }
      if (outcome._tag === 'Said') {
        pass.succeeded();
        const { promptTokens = request.promptTokens, completionTokens = tokensIn(said) } = outcome.tokens;
        this.#allowance.add(request.tenant, promptTokens - request.promptTokens + completionTokens);
        return outcome;
      }
      if (outcome._tag === 'Filtered') {
        pass.succeeded();
        return failed('sensitive_answer');
      }
      if (outcome._tag === 'Unaccepted') {
        this.#isBare = true;
        continue;
      }
      const delayMs = outcome.retryAfterMs ?? BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + randomBelow(1_000) / 1_000);
      // What somebody may have seen already is not begun anew.
      if (!outcome.isWorthRetrying || said !== '' || attempt >= ATTEMPTS_MAX || delayMs > RETRY_AFTER_MAX_MS) {
        pass.failed();
        this.#report(outcome.why);
        return failed('model_failed');
      }
      await pause(delayMs, signal);
    }
  }

  async #attempt(
    request: ModelRequest,
    signal: AbortSignal,
    onText: (piece: string) => void,
  ): Promise<Attempt | 'aborted'> {
    if (signal.aborted) return 'aborted';
    try {
      return await complete(this.#server, request, this.#isBare, signal, onText);
    } catch (error) {
      if (signal.aborted) return 'aborted';
      return { _tag: 'Failed', isWorthRetrying: true, why: nameOf(error) };
    }
  }

  /** Once in a while, and only of what kind it was. */
  #report(why: string): void {
    const now = this.#world.monotonicMs();
    if (now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    this.#world.report('the model does not answer', { model: this.name, why });
  }
}

const failed = (why: ModelFailure): ModelOutcome => ({ _tag: 'Failed', why });

/** The kind of an error, without its message, which may hold addresses and words. */
const nameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? ` ${cause.code}` : '';
  return `${error.name}${code}`;
};
