/** What the tried settings have otherwise than the present ones, in words. */
import { defaultPolicy, type PolicyPart } from '../../../actors/assistant/policy.ts';
import type { Entry } from '../../../events/knowledge.ts';
import type { PolicyFile } from '../../assistant/load-policies.ts';

/** Everything by which an assistant answers. */
export interface Settings {
  readonly entries: readonly Entry[];
  readonly words: readonly string[];
  readonly policy: PolicyFile;
  /** Milliseconds for one answer. */
  readonly budgetMs: number;
}

export interface Difference {
  /** As the policy file names it, such as `default.sureFrom`. */
  readonly place: string;
  readonly what: string;
}

export const differences = (now: Settings, then: Settings): readonly Difference[] => [
  ...knowledgeDifference(now.entries, then.entries),
  ...wordsDifference(now.words, then.words),
  ...(now.budgetMs === then.budgetMs
    ? []
    : [{ place: 'budgetMs', what: `${then.budgetMs} instead of ${now.budgetMs}` }]),
  ...partDifferences('default', { ...defaultPolicy, ...now.policy.everybody }, then.policy.everybody),
  ...[...then.policy.tenants].flatMap(([tenant, part]) =>
    partDifferences(
      `tenants.${tenant}`,
      { ...defaultPolicy, ...now.policy.everybody, ...now.policy.tenants.get(tenant) },
      part,
    ),
  ),
];

const knowledgeDifference = (now: readonly Entry[], then: readonly Entry[]): readonly Difference[] => {
  const before = new Map(now.map((entry) => [entry.id, JSON.stringify(entry)]));
  const after = new Map(then.map((entry) => [entry.id, JSON.stringify(entry)]));
  const fresh = [...after.keys()].filter((id) => !before.has(id)).length;
  const gone = [...before.keys()].filter((id) => !after.has(id)).length;
  const other = [...after].filter(([id, entry]) => before.has(id) && before.get(id) !== entry).length;
  if (fresh + gone + other === 0) return [];
  const parts = [`${fresh} new`, `${other} changed`, `${gone} gone`].filter((part) => !part.startsWith('0 '));
  return [{ place: 'knowledge', what: `${then.length} entries instead of ${now.length}: ${parts.join(', ')}` }];
};

const wordsDifference = (now: readonly string[], then: readonly string[]): readonly Difference[] => {
  const [before, after] = [new Set(now), new Set(then)];
  const fresh = [...after].filter((word) => !before.has(word)).length;
  const gone = [...before].filter((word) => !after.has(word)).length;
  if (fresh + gone === 0) return [];
  return [{ place: 'sensitiveWords', what: `${after.size} instead of ${before.size}: ${fresh} new, ${gone} gone` }];
};

const partDifferences = (place: string, now: PolicyPart, then: PolicyPart): readonly Difference[] =>
  Object.entries(then).flatMap(([key, value]) => {
    const before = (now as Readonly<Record<string, unknown>>)[key];
    if (before === value) return [];
    if (key === 'instructions') return [{ place: `${place}.${key}`, what: 'other words' }];
    return [{ place: `${place}.${key}`, what: `${JSON.stringify(value)} instead of ${JSON.stringify(before)}` }];
  });
