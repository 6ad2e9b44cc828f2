/** The log of what was changed in the knowledge bases: the authority on what is known. Adapters in `infra/`. */
import * as t from 'io-ts';
import { integer, listOf, struct, tagged, text } from './codec.ts';
import { Person } from './facts.ts';
import { Entry, EntryId } from './knowledge.ts';
import { SYNONYM_CHARS_MAX, SYNONYM_GROUPS_MAX, SYNONYMS_IN_GROUP_MAX } from './limits.ts';

/** Groups of words that mean the same to one tenant. */
export const SynonymGroups = listOf(listOf(text(SYNONYM_CHARS_MAX), SYNONYMS_IN_GROUP_MAX, 2), SYNONYM_GROUPS_MAX);
export type SynonymGroups = t.TypeOf<typeof SynonymGroups>;

export const EntryPut = struct({ type: t.literal('EntryPut'), entry: Entry, by: Person });
export const EntryRemoved = struct({ type: t.literal('EntryRemoved'), entry: EntryId, by: Person });
export const SynonymsReplaced = struct({ type: t.literal('SynonymsReplaced'), groups: SynonymGroups, by: Person });

const members = { EntryPut, EntryRemoved, SynonymsReplaced };

/** What was changed. Old ones are never edited; their form changes only by addition. */
export const KnowledgeChange = tagged('KnowledgeChange', members);
export type KnowledgeChange = t.TypeOf<(typeof members)[keyof typeof members]>;

/** One message of the log. `edit` is the writer's own name for it, by which an append whose answer was lost is known again. */
export const KnowledgeEdit = struct({
  v: t.literal(1),
  edit: text(64),
  at: integer(0),
  change: KnowledgeChange,
});
export type KnowledgeEdit = t.TypeOf<typeof KnowledgeEdit>;

export interface StoredEdit {
  readonly tenant: string;
  /** Its place in the log: a tenant's revisions grow, and need not follow upon each other. */
  readonly revision: number;
  readonly edit: KnowledgeEdit;
}

export type EditAppended =
  | { readonly _tag: 'Stored'; readonly revision: number }
  /** The tenant's last revision is another one than expected: read what is new and decide again. */
  | { readonly _tag: 'Conflict' }
  /** It could not be learned in time whether the edit is stored. It may still appear. */
  | { readonly _tag: 'Undecided'; readonly why: string };

/** In order of revision; never an empty batch. */
export type EditBatches = AsyncIterable<readonly StoredEdit[]>;

export interface KnowledgeLog {
  /**
   * Stores one edit if the tenant's last revision is `expected`, 0 where it has none. The same edit appended again is stored
   * once, and answered with its first revision.
   */
  append(tenant: string, edit: KnowledgeEdit, expected: number): Promise<EditAppended>;
  /** What is stored behind a revision now, of one tenant or of all; at least everything acknowledged before the call. */
  read(after: number, tenant?: string): EditBatches;
  /** Everything behind a revision, and then what is appended, until the signal says stop. */
  follow(after: number, signal: AbortSignal): EditBatches;
}
