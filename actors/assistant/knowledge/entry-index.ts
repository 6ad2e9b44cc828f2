/** Entries that can be found by their words, and changed one by one. */
import type { Entry } from '../../../events/knowledge.ts';
import { fold } from '../words.ts';
import { type Analysis, analyse } from './analysis.ts';
import { Postings, type Scale } from './postings.ts';
import { Spelling } from './spelling.ts';

/** An entry, with everything about it that a question is compared with. */
export interface Indexed {
  readonly entry: Entry;
  readonly wordings: readonly Analysis[];
  /** The forms of all its wordings. */
  readonly asked: ReadonlySet<string>;
  /** The forms of its answer that no wording has. */
  readonly answered: ReadonlySet<string>;
}

/** Scales of the questions and of the answers. */
export interface Scales {
  readonly asked: Scale;
  readonly answered: Scale;
}

/** Characters of an answer that are looked at. */
const ANSWER_CHARS_MAX = 200;
/** What a group that lies near counts beside one that is meant. */
const NEAR_WEIGHT = 0.3;
/** What a word of the answer counts beside one of the question. */
const ANSWER_WEIGHT = 0.2;

/** Finds candidates; the closer look is taken elsewhere. */
export class EntryIndex {
  readonly #entries = new Map<string, Indexed>();
  readonly #slotOf = new Map<string, number>();
  #bySlot: (Indexed | undefined)[] = [];
  #asked = new Postings();
  #answered = new Postings();
  #scores = new Float64Array(0);
  /** By what its wordings are when folded. */
  readonly #verbatim = new Map<string, Indexed[]>();
  readonly #spelling = new Spelling();

  get size(): number {
    return this.#entries.size;
  }

  get entries(): ReadonlyMap<string, Indexed> {
    return this.#entries;
  }

  get scales(): Scales {
    return { asked: this.#asked, answered: this.#answered };
  }

  /** How many entries have the form in one of their wordings. */
  count(form: string): number {
    return this.#asked.count(form);
  }

  /** The entry that has this very wording; of several the one that was put first. */
  verbatim(folded: string, isHidden: (id: string) => boolean): Indexed | undefined {
    return this.#verbatim.get(folded)?.find(({ entry }) => !isHidden(entry.id));
  }

  /** The word of a wording that is one slip away. */
  mend(word: string): string | undefined {
    return this.#spelling.mend(word);
  }

  put(entry: Entry): void {
    this.remove(entry.id);
    const each = indexed(entry);
    this.#entries.set(entry.id, each);
    for (const form of each.asked) if (this.count(form) === 0) this.#spelling.add(form);
    this.#file(each);
    for (const wording of wordingsOf(entry)) {
      const folded = fold(wording);
      this.#verbatim.set(folded, [...(this.#verbatim.get(folded) ?? []), each]);
    }
  }

  remove(id: string): void {
    const each = this.#entries.get(id);
    const slot = this.#slotOf.get(id);
    if (each === undefined || slot === undefined) return;
    this.#entries.delete(id);
    this.#slotOf.delete(id);
    this.#bySlot[slot] = undefined;
    this.#asked.remove(slot);
    this.#answered.remove(slot);
    for (const form of each.asked) if (this.count(form) === 0) this.#spelling.delete(form);
    for (const wording of wordingsOf(each.entry)) {
      const folded = fold(wording);
      const others = (this.#verbatim.get(folded) ?? []).filter((other) => other !== each);
      if (others.length === 0) this.#verbatim.delete(folded);
      else this.#verbatim.set(folded, others);
    }
    if (this.#asked.isWorn) this.#clean();
  }

  /** The best of those that have any of the forms, best first, with their scores. */
  nearest(
    { forms, near }: Analysis,
    limit: number,
    isHidden: (id: string) => boolean,
    { asked, answered }: Scales,
  ): readonly [Indexed, number][] {
    if (this.#scores.length < this.#bySlot.length) this.#scores = new Float64Array(this.#bySlot.length * 2);
    const scores = this.#scores;
    const touched: number[] = [];
    this.#asked.score(forms, 1, scores, touched, asked);
    this.#asked.score(near, NEAR_WEIGHT, scores, touched, asked);
    this.#answered.score(forms, ANSWER_WEIGHT, scores, touched, answered);
    const best: [Indexed, number][] = [];
    for (const slot of touched) {
      const score = scores[slot] ?? 0;
      scores[slot] = 0;
      const last = best.at(-1);
      if (best.length === limit && last !== undefined && score <= last[1]) continue;
      const each = this.#bySlot[slot];
      if (each === undefined || isHidden(each.entry.id)) continue;
      if (best.length === limit) best.pop();
      let at = best.length;
      while (at > 0 && (best[at - 1]?.[1] ?? 0) < score) at--;
      best.splice(at, 0, [each, score]);
    }
    return best;
  }

  #file(each: Indexed): void {
    const slot = this.#asked.add(each.asked);
    this.#answered.add(each.answered);
    this.#slotOf.set(each.entry.id, slot);
    this.#bySlot[slot] = each;
  }

  #clean(): void {
    this.#asked = new Postings();
    this.#answered = new Postings();
    this.#bySlot = [];
    for (const each of this.#entries.values()) this.#file(each);
  }
}

const indexed = (entry: Entry): Indexed => {
  const wordings = wordingsOf(entry).map((each) => analyse(each));
  const asked = new Set(wordings.flatMap(({ forms }) => [...forms]));
  const answered = [...analyse(entry.answer.slice(0, ANSWER_CHARS_MAX)).forms].filter((form) => !asked.has(form));
  return { entry, wordings, asked, answered: new Set(answered) };
};

const wordingsOf = ({ question, also }: Entry): readonly string[] => [question, ...(also ?? [])];
