/** Every tenant's knowledge: the base for those who have changed nothing, and each other's own on top of it. */
import type { StoredEdit } from '../../../events/knowledge-log.ts';
import type { Knowledge } from '../knowledge-base.ts';
import { type Base, TenantKnowledge } from './tenant-knowledge.ts';

export class TenantsKnowledge implements Knowledge {
  readonly #base: Base;
  readonly #plain: TenantKnowledge;
  readonly #tenants = new Map<string, TenantKnowledge>();

  constructor(base: Base) {
    this.#base = base;
    this.#plain = new TenantKnowledge(base);
  }

  of(tenant: string): TenantKnowledge {
    return this.#tenants.get(tenant) ?? this.#plain;
  }

  /** Takes in what stands in the log of changes, each tenant's in order; what was taken before passes by. */
  apply({ tenant, revision, edit }: StoredEdit): void {
    const knowledge = this.#tenants.get(tenant) ?? new TenantKnowledge(this.#base);
    this.#tenants.set(tenant, knowledge);
    knowledge.apply(edit.change, revision);
  }
}
