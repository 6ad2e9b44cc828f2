/** What another policy would have changed, added up over sessions. */
import type { SessionRef } from '../../../events/names.ts';
import { courseAfter, courseBefore, type Fared, type Holder } from './course.ts';
import type { Asked, Happening } from './story.ts';
import { differs, type Outcome, type Verdict } from './verdict.ts';
import { Waits } from './waits.ts';

/** What becomes of a question: the verdict's outcome where the assistant has the session. */
export type Fate = Outcome | 'with people';

/** One question that fares otherwise. */
export interface Change extends SessionRef {
  /** The seq of the message that it ends with. */
  readonly seq: number;
  readonly at: number;
  readonly texts: readonly string[];
  /** Whether `before` is what is on record; else it is what the present policy makes of it. */
  readonly isRecorded: boolean;
  /** The present policy would decide so too: what is on record was decided by another policy or knowledge. */
  readonly isSince: boolean;
  readonly from: Fate;
  readonly to: Fate;
  readonly before: Verdict;
  readonly after: Verdict;
}

/** What becomes what, how often, with the first of them that are not said alike. */
export interface Kind {
  readonly from: Fate;
  readonly to: Fate;
  count: number;
  readonly examples: Change[];
}

/** Waits of one side. */
export interface Waited {
  readonly waits: Waits;
  never: number;
  /** People would have been asked where they were not, so that nobody knows how long they would have taken. */
  people: number;
  unknown: number;
}

export interface Verdicts {
  readonly before: readonly Verdict[];
  readonly after: readonly Verdict[];
  readonly present?: readonly Verdict[] | undefined;
}

/** Changes that are kept one by one. */
const CHANGES_MAX = 20_000;

export class Comparison {
  readonly #examplesMax: number;
  /** What is asked, and whether a record says what became of it. */
  questions = 0;
  recorded = 0;
  sessions = 0;
  readonly before = new Map<Outcome, number>();
  readonly after = new Map<Outcome, number>();
  readonly #kinds = new Map<string, Kind>();
  readonly changes: Change[] = [];
  changed = 0;
  /** Of the changed ones, those that the present policy makes as well. */
  changedSince = 0;
  readonly endsBefore = new Map<Holder, number>();
  readonly endsAfter = new Map<Holder, number>();
  readonly waitedBefore: Waited = { waits: new Waits(), never: 0, people: 0, unknown: 0 };
  readonly waitedAfter: Waited = { waits: new Waits(), never: 0, people: 0, unknown: 0 };
  /** How long it took until people answered whoever was handed to them. */
  readonly people = new Waits();

  constructor(examplesMax: number) {
    this.#examplesMax = examplesMax;
  }

  /**
   * One session; for each of its questions, in order, what became of it, what would have, and what the present policy makes of
   * it, where that is known. Only questions that `counts` are looked at.
   */
  add(happenings: readonly Happening[], { before, after, present }: Verdicts, counts: (asked: Asked) => boolean): void {
    const asked = happenings.filter((each) => each._tag === 'Asked');
    if (!asked.some(counts)) return;
    const [was, wouldBe] = [courseBefore(happenings, before), courseAfter(happenings, after)];
    this.sessions += 1;
    increase(this.endsBefore, was.end);
    increase(this.endsAfter, wouldBe.end);
    asked.forEach((each, index) => {
      const [one, other] = [before[index], after[index]];
      if (one === undefined || other === undefined || !counts(each)) return;
      this.questions += 1;
      if (each.recorded !== undefined) this.recorded += 1;
      increase(this.before, one.outcome);
      increase(this.after, other.outcome);
      const [faredBefore, faredAfter] = [was.fared[index], wouldBe.fared[index]];
      if (faredBefore === undefined || faredAfter === undefined) return;
      const [from, to] = [fateOf(faredBefore, one), fateOf(faredAfter, other)];
      if (from !== to || (to !== 'with people' && differs(one, other))) {
        const now = present?.[index];
        const isSince =
          to !== 'with people' && each.recorded !== undefined && now !== undefined && !differs(now, other);
        this.#change(each, { from, to, before: one, after: other, isSince });
      }
      if (from === 'handed to people' && each.answeredBy === 'person' && each.waitMs !== undefined)
        this.people.add(each.waitMs);
      note(this.waitedBefore, faredBefore);
      note(this.waitedAfter, faredAfter);
    });
  }

  /** The most frequent first. */
  get kinds(): readonly Kind[] {
    return [...this.#kinds.values()].toSorted((one, other) => other.count - one.count);
  }

  #change(
    { ref, seq, at, question, recorded }: Asked,
    what: Pick<Change, 'from' | 'to' | 'before' | 'after' | 'isSince'>,
  ): void {
    const change: Change = { ...ref, seq, at, texts: question.texts, isRecorded: recorded !== undefined, ...what };
    const { from, to } = what;
    this.changed += 1;
    if (what.isSince) this.changedSince += 1;
    if (this.changes.length < CHANGES_MAX) this.changes.push(change);
    const key = `${from}/${to}`;
    const kind = this.#kinds.get(key) ?? { from, to, count: 0, examples: [] };
    this.#kinds.set(key, kind);
    kind.count += 1;
    const said = change.texts.join('\n');
    if (kind.examples.length < this.#examplesMax && !kind.examples.some(({ texts }) => texts.join('\n') === said))
      kind.examples.push(change);
  }
}

const increase = <K>(counts: Map<K, number>, key: K): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

const fateOf = ({ holder }: Fared, { outcome }: Verdict): Fate => {
  if (holder === 'assistant') return outcome;
  return holder === 'people' ? 'with people' : 'unknown';
};

const note = (waited: Waited, fared: Fared): void => {
  if (typeof fared.waitMs === 'number') waited.waits.add(fared.waitMs);
  else waited[fared.waitMs] += 1;
};
