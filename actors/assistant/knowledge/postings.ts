/** Which entries have which forms, ranked by BM25 (Robertson and Zaragoza 2009). */

/** The usual constants: how soon more of the same stops counting, and how much a long text is held against itself. */
const K1 = 1.2;
const B = 0.7;

/** What a score is measured by: all entries that are searched, which may lie in several postings. */
export interface Scale {
  readonly size: number;
  /** Of all entries together. */
  readonly forms: number;
  /** How many entries have the form. */
  count(form: string): number;
}

interface Posting {
  /** Slots of the entries that have the form; some of them may be empty by now. */
  readonly slots: number[];
  count: number;
}

/**
 * Forms are said once or not at all, so that a posting is a list of slots and nothing else. A slot whose entry has been
 * removed stays in the lists until they are worth cleaning.
 */
export class Postings implements Scale {
  readonly #postings = new Map<string, Posting>();
  /** The forms of the entry in each slot; none where it has been removed. */
  readonly #slots: (readonly string[] | undefined)[] = [];
  #size = 0;
  #forms = 0;

  get size(): number {
    return this.#size;
  }

  get forms(): number {
    return this.#forms;
  }

  /** The next free slot: slots count up from 0, and start anew with {@link clean}. */
  add(forms: ReadonlySet<string>): number {
    const slot = this.#slots.length;
    const list = [...forms];
    this.#slots.push(list);
    this.#size += 1;
    this.#forms += list.length;
    for (const form of list) {
      const posting = this.#postings.get(form);
      if (posting === undefined) this.#postings.set(form, { slots: [slot], count: 1 });
      else {
        posting.slots.push(slot);
        posting.count += 1;
      }
    }
    return slot;
  }

  remove(slot: number): void {
    const forms = this.#slots[slot];
    if (forms === undefined) return;
    this.#slots[slot] = undefined;
    this.#size -= 1;
    this.#forms -= forms.length;
    for (const form of forms) {
      const posting = this.#postings.get(form);
      if (posting === undefined) continue;
      posting.count -= 1;
      if (posting.count === 0) this.#postings.delete(form);
    }
  }

  count(form: string): number {
    return this.#postings.get(form)?.count ?? 0;
  }

  /** Whether more slots are empty than not, so that it pays to begin anew. */
  get isWorn(): boolean {
    return this.#slots.length > 64 && this.#size * 2 < this.#slots.length;
  }

  /** Adds to each slot's score what the forms say for it, and names the slots that were not yet touched. */
  score(forms: Iterable<string>, weight: number, scores: Float64Array, touched: number[], scale: Scale): void {
    const average = scale.forms / Math.max(1, scale.size);
    for (const form of forms) {
      const posting = this.#postings.get(form);
      if (posting === undefined) continue;
      const count = scale.count(form);
      const rarity = weight * Math.log1p((scale.size - count + 0.5) / (count + 0.5));
      for (const slot of posting.slots) {
        const list = this.#slots[slot];
        if (list === undefined) continue;
        const before = scores[slot] ?? 0;
        if (before === 0) touched.push(slot);
        scores[slot] = before + (rarity * (K1 + 1)) / (1 + K1 * (1 - B + (B * list.length) / average));
      }
    }
  }
}
