/** The model of the settings, really asked: each prompt once, so that both policies hear the same answer to the same. */
import type { TimedModel } from '../../../actors/assistant/hindsight/second-thought.ts';
import type { Model } from '../../../actors/assistant/model.ts';
import { systemClock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { WrongUsage } from '../exit.ts';

export interface LiveModel {
  readonly model: TimedModel;
  /** How often it was asked. */
  readonly requests: () => number;
}

/** Answers that are kept. */
const KEPT_MAX = 10_000;

/** Throws {@link WrongUsage} where the settings name no model. */
export const liveModel = async ({ model: server, limits }: Config): Promise<LiveModel> => {
  if (server === undefined) throw new WrongUsage('--model live: KEFU_LLM_URL and KEFU_LLM_MODEL must name the model');
  const { LanguageModel } = await import('../../assistant/language-model.ts');
  const real = new LanguageModel(
    server,
    { atOnce: limits.modelRequestsAtOnce, waiting: limits.modelQueue },
    {
      monotonicMs: systemClock.monotonicMs,
      report: (trouble, { why }) => void process.stderr.write(`whatif: ${trouble}: ${String(why)}\n`),
    },
  );
  return keeping(real, systemClock.monotonicMs);
};

export const keeping = (real: Model, monotonicMs: () => number): LiveModel => {
  const kept = new Map<string, ReturnType<TimedModel['ask']>>();
  let requests = 0;
  const ask: TimedModel['ask'] = async (request, signal, onText) => {
    requests += 1;
    const begunAt = monotonicMs();
    const outcome = await real.ask(request, signal, onText);
    return { outcome, latencyMs: Math.round(monotonicMs() - begunAt) };
  };
  const model: TimedModel = {
    name: real.name,
    ask: async (request, signal, onText) => {
      const key = JSON.stringify([request.tenant, request.answerTokensMax, request.messages]);
      const known = kept.get(key);
      if (known !== undefined) {
        const { outcome, latencyMs } = await known;
        if (outcome._tag === 'Said') onText(outcome.text);
        return { outcome, latencyMs };
      }
      const asked = ask(request, signal, onText);
      if (kept.size < KEPT_MAX) kept.set(key, asked);
      const { outcome, latencyMs } = await asked;
      // That it failed once is no answer.
      if (outcome._tag !== 'Said') kept.delete(key);
      return { outcome, latencyMs };
    },
  };
  return { model, requests: () => requests };
};
