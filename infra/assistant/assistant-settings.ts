/** What the assistant goes by, as the settings say: words, policies, and whom it may ask. */
import type { Model } from '../../actors/assistant/model.ts';
import { type Policies, policies } from '../../actors/assistant/policy.ts';
import type { Reranker } from '../../actors/assistant/reranker.ts';
import { WordFilter } from '../../actors/assistant/sensitive-words/word-filter.ts';
import type { World } from '../../actors/world.ts';
import type { Config } from '../config.ts';
import { builtInWords } from './built-in-words.ts';
import { loadPolicies } from './load-policies.ts';
import { loadWords } from './load-words.ts';

export interface AssistantSettings {
  readonly filter: WordFilter;
  readonly policies: Policies;
}

/** Throws `WrongSettings`. */
export const assistantSettings = async (config: Config): Promise<AssistantSettings> => {
  const { sensitiveWordsFile, assistantPolicyFile, limits } = config;
  const words = sensitiveWordsFile === undefined ? builtInWords : await loadWords(sensitiveWordsFile);
  const file = assistantPolicyFile === undefined ? undefined : await loadPolicies(assistantPolicyFile);
  const everybody = {
    modelRequestsPerMinute: limits.modelRequestsPerTenantPerMinute,
    modelTokensPerMinute: limits.modelTokensPerTenantPerMinute,
    ...file?.everybody,
  };
  return { filter: new WordFilter(words), policies: policies(everybody, file?.tenants) };
};

/** Loads what speaks to a model only where there is one. */
export const openModel = async ({ model, limits }: Config, world: World): Promise<Model | undefined> => {
  if (model === undefined) return undefined;
  const { LanguageModel } = await import('./language-model.ts');
  return new LanguageModel(model, { atOnce: limits.modelRequestsAtOnce, waiting: limits.modelQueue }, world);
};

/** As the model: only where there is an endpoint. */
export const openReranker = async ({ embeddings }: Config, world: World): Promise<Reranker | undefined> => {
  if (embeddings === undefined) return undefined;
  const { EmbeddingsReranker } = await import('./embeddings.ts');
  return new EmbeddingsReranker({ ...embeddings, report: world.report });
};
