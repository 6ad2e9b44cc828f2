/** The policy that is tried, and the one in force: what the file does not name is as it is now. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Side } from '../../../actors/assistant/hindsight/second-thought.ts';
import { TenantsKnowledge } from '../../../actors/assistant/knowledge/tenants-knowledge.ts';
import { type PolicyPart, policies } from '../../../actors/assistant/policy.ts';
import { WordFilter } from '../../../actors/assistant/sensitive-words/word-filter.ts';
import { anyObject, decode, integer, sayFlaws, struct, text } from '../../../events/codec.ts';
import { baseOf } from '../../assistant/base.ts';
import { builtInWords } from '../../assistant/built-in-words.ts';
import { loadKnowledge } from '../../assistant/load-knowledge.ts';
import { loadPolicies, policiesIn } from '../../assistant/load-policies.ts';
import { loadWords } from '../../assistant/load-words.ts';
import { sampleKnowledge } from '../../assistant/sample-knowledge.ts';
import { BUDGET_MAX_MS, BUDGET_MIN_MS, type Config, WrongSettings } from '../../config.ts';
import { type Difference, differences, type Settings } from './differences.ts';

/** A side whose tenants' own changes are still to be taken in. */
export interface FileSide extends Side {
  readonly knowledge: TenantsKnowledge;
}

export interface Sides {
  readonly before: FileSide;
  readonly after: FileSide;
  /** What the file changes, for whoever reads the report. */
  readonly differences: readonly Difference[];
  /** The file names a knowledge base: it stands in the place of everything that is known, tenants' own changes included. */
  readonly replacesKnowledge: boolean;
}

const PATH_CHARS_MAX = 4_096;
const parts = {
  knowledge: text(PATH_CHARS_MAX),
  sensitiveWords: text(PATH_CHARS_MAX),
  budgetMs: integer(BUDGET_MIN_MS, BUDGET_MAX_MS),
  default: anyObject,
  tenants: anyObject,
};
const Whatif = struct({}, parts);

/** Throws {@link WrongSettings} that name the place in the file and the rule. */
export const readSides = async (file: string, config: Config): Promise<Sides> => {
  const now = await present(config);
  const then = await changed(file, now);
  return {
    before: sideOf(now),
    after: sideOf(then),
    differences: differences(now, then),
    replacesKnowledge: then.entries !== now.entries,
  };
};

/** By which the assistant answers now. */
export const sideNow = async (config: Config): Promise<FileSide> => sideOf(await present(config));

const present = async (config: Config): Promise<Settings> => {
  const { knowledgeFile, sensitiveWordsFile, assistantPolicyFile } = config;
  return {
    entries: knowledgeFile === undefined ? sampleKnowledge : await loadKnowledge(knowledgeFile),
    words: sensitiveWordsFile === undefined ? builtInWords : await loadWords(sensitiveWordsFile),
    policy:
      assistantPolicyFile === undefined
        ? { everybody: {}, tenants: new Map() }
        : await loadPolicies(assistantPolicyFile),
    budgetMs: config.assistantBudgetMs,
  };
};

const changed = async (file: string, now: Settings): Promise<Settings> => {
  const source = basename(file);
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WrongSettings([`${file}: the file cannot be read (${error.code ?? 'unknown error'})`]);
  });
  const { knowledge, sensitiveWords, budgetMs, ...rest } = partsOf(content, source);
  const policy = policiesIn(JSON.stringify(rest), source);
  const beside = (path: string): string => resolve(dirname(file), path);
  return {
    entries:
      knowledge === undefined
        ? now.entries
        : await loadKnowledge(beside(knowledge), `${source} knowledge: ${knowledge}`),
    words:
      sensitiveWords === undefined
        ? now.words
        : await loadWords(beside(sensitiveWords), `${source} sensitiveWords: ${sensitiveWords}`),
    policy: {
      everybody: { ...now.policy.everybody, ...policy.everybody },
      tenants: new Map(
        [...new Set([...now.policy.tenants.keys(), ...policy.tenants.keys()])].map((tenant): [string, PolicyPart] => [
          tenant,
          { ...now.policy.tenants.get(tenant), ...policy.tenants.get(tenant) },
        ]),
      ),
    },
    budgetMs: budgetMs ?? now.budgetMs,
  };
};

const partsOf = (content: string, source: string) => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content.replace(/^\ufeff/, ''));
  } catch {
    throw new WrongSettings([`${source}: expected JSON`]);
  }
  const decoded = decode(Whatif, parsed);
  if (isLeft(decoded) || Array.isArray(parsed))
    throw new WrongSettings([`${source}: ${isLeft(decoded) ? sayFlaws(decoded.left) : 'expected a JSON object'}`]);
  const unknown = Object.keys(parsed as object).filter((key) => !(key in parts));
  if (unknown.length > 0)
    throw new WrongSettings(
      unknown.map(
        (key) => `${source}: knows no ${JSON.stringify(key)}; expected one of ${Object.keys(parts).join(', ')}`,
      ),
    );
  return decoded.right;
};

const sideOf = ({ entries, words, policy, budgetMs }: Settings): FileSide => ({
  policies: policies(policy.everybody, policy.tenants),
  knowledge: new TenantsKnowledge(baseOf(entries)),
  filter: new WordFilter(words),
  budgetMs,
});
