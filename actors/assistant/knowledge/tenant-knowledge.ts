/** One tenant's knowledge: the base that all start from, with what the tenant has changed on top. */
import type { Entry } from '../../../events/knowledge.ts';
import type { KnowledgeChange } from '../../../events/knowledge-log.ts';
import { findingOf } from '../finding.ts';
import type { Candidate, Finding, KnowledgeBase, Thresholds } from '../knowledge-base.ts';
import { fold } from '../words.ts';
import type { Analysis } from './analysis.ts';
import { confidences } from './confidence.ts';
import { EntryIndex, type Indexed } from './entry-index.ts';
import { Postings, type Scale } from './postings.ts';
import { CANDIDATES_MAX, type Corpus, retrieve } from './retrieval.ts';
import { Synonyms } from './synonyms.ts';
import { mendByThesaurus } from './thesaurus.ts';

/** What every tenant starts from. */
export interface Base {
  readonly index: EntryIndex;
  /** Of its content. */
  readonly revision: string;
}

/**
 * The base is shared by all tenants and never changes; a change costs as much as one entry does, however many there are. An
 * entry that the tenant has put hides the base's of the same id.
 */
export class TenantKnowledge implements KnowledgeBase, Corpus {
  readonly #base: Base;
  readonly #own = new EntryIndex();
  readonly #hidden = new Set<string>();
  /** The forms of hidden entries, which do not count. */
  readonly #hiddenForms = { asked: new Postings(), answered: new Postings() };
  #synonyms = new Synonyms([]);
  #changes = 0;

  constructor(base: Base) {
    this.#base = base;
  }

  get size(): number {
    return this.#base.index.size - this.#hidden.size + this.#own.size;
  }

  /** The position of the last change that is in force, 0 before any. */
  get changes(): number {
    return this.#changes;
  }

  get revision(): string {
    return this.#changes === 0 ? this.#base.revision : `${this.#base.revision}.${this.#changes}`;
  }

  get synonyms(): readonly (readonly string[])[] {
    return this.#synonyms.groups;
  }

  /** Changes that were applied before pass by. */
  apply(change: KnowledgeChange, position: number): void {
    if (position <= this.#changes) return;
    this.#changes = position;
    switch (change.type) {
      case 'EntryPut':
        this.#hide(change.entry.id);
        this.#own.put(change.entry);
        return;
      case 'EntryRemoved':
        this.#hide(change.entry);
        this.#own.remove(change.entry);
        return;
      case 'SynonymsReplaced':
        this.#synonyms = new Synonyms(change.groups);
    }
  }

  find(question: string, thresholds: Thresholds, locale?: string): Finding {
    return findingOf(this.likeliest(question, locale), thresholds);
  }

  entry(id: string): Candidate | undefined {
    const found = this.#indexed(id);
    return found === undefined ? undefined : this.#candidate(found, 1);
  }

  passages(question: string, limit: number): readonly Candidate[] {
    return this.likeliest(question, undefined, Math.max(limit, CANDIDATES_MAX)).slice(0, limit);
  }

  /** Whatever shares a word with the question, likeliest first. What is asked in an entry's own words is that entry. */
  likeliest(question: string, locale?: string, limit = CANDIDATES_MAX): readonly Candidate[] {
    const ranked = this.#ranked(question, locale, limit);
    const verbatim = this.#verbatim(question);
    if (verbatim === undefined) return ranked;
    return [this.#candidate(verbatim, 1), ...ranked.filter(({ entry }) => entry.id !== verbatim.entry.id)];
  }

  /** Entries behind an id, in the order of ids. */
  page(after: string, limit: number): readonly Entry[] {
    const ids = [
      ...[...this.#base.index.entries.keys()].filter((id) => !this.#hidden.has(id)),
      ...this.#own.entries.keys(),
    ];
    const behind = ids.filter((id) => id > after).sort((one, other) => (one < other ? -1 : 1));
    return behind.slice(0, limit).flatMap((id) => this.#indexed(id)?.entry ?? []);
  }

  count(form: string): number {
    return this.#base.index.count(form) - this.#hiddenForms.asked.count(form) + this.#own.count(form);
  }

  nearest(analysis: Analysis, limit: number): readonly (readonly [Indexed, number])[] {
    const scales = { asked: this.#scaleOf('asked'), answered: this.#scaleOf('answered') };
    const base = this.#base.index.nearest(analysis, limit, (id) => this.#hidden.has(id), scales);
    if (this.#own.size === 0) return base;
    const own = this.#own.nearest(analysis, limit, () => false, scales);
    return [...base, ...own].sort(([, one], [, other]) => other - one).slice(0, limit);
  }

  mend(word: string): string | undefined {
    const ofBase = this.#base.index.mend(word);
    const known = ofBase === undefined || this.count(ofBase) === 0 ? undefined : ofBase;
    return this.#own.mend(word) ?? known ?? mendByThesaurus(word);
  }

  #ranked(question: string, locale: string | undefined, limit: number): readonly Candidate[] {
    let best: readonly Candidate[] = [];
    for (const wording of this.#synonyms.wordingsOf(question)) {
      const { entries, evidence, none } = retrieve(this, wording, locale, limit);
      const probabilities = confidences(evidence, none);
      const candidates = entries
        .map((each, at) => this.#candidate(each, probabilities[at] ?? 0))
        .sort((one, other) => other.confidence - one.confidence);
      if (best[0] === undefined || (candidates[0]?.confidence ?? 0) > best[0].confidence) best = candidates;
    }
    return best;
  }

  /** As one index of the base without what is hidden and with what is the tenant's own would have it. */
  #scaleOf(part: 'asked' | 'answered'): Scale {
    const [base, own, hidden] = [this.#base.index.scales[part], this.#own.scales[part], this.#hiddenForms[part]];
    return {
      size: base.size - hidden.size + own.size,
      forms: base.forms - hidden.forms + own.forms,
      count: (form) => base.count(form) - hidden.count(form) + own.count(form),
    };
  }

  #verbatim(question: string): Indexed | undefined {
    const folded = fold(question);
    return this.#own.verbatim(folded, () => false) ?? this.#base.index.verbatim(folded, (id) => this.#hidden.has(id));
  }

  #indexed(id: string): Indexed | undefined {
    return this.#own.entries.get(id) ?? (this.#hidden.has(id) ? undefined : this.#base.index.entries.get(id));
  }

  #hide(id: string): void {
    const hidden = this.#base.index.entries.get(id);
    if (hidden === undefined || this.#hidden.has(id)) return;
    this.#hidden.add(id);
    this.#hiddenForms.asked.add(hidden.asked);
    this.#hiddenForms.answered.add(hidden.answered);
  }

  #candidate({ entry }: Indexed, confidence: number): Candidate {
    return { entry, revision: this.revision, confidence };
  }
}
