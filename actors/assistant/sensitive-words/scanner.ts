/**
 * Looks for words in text as it comes, piece by piece. Letters and digits alone are compared; what lies between them decides
 * whether a word of a script with spaces is one:
 *
 * - whole, it must not be part of a longer word, so that Scunthorpe is left in peace;
 * - with symbols in it, as in `f.u.c.k` or `fu*ck`, it is found;
 * - with spaces in it, it is found when it is spelled out, as in `f u c k`, and not when other words happen to hold it,
 *   as `the pen is` does.
 *
 * A word of a script without spaces is found anywhere, whatever stands between its characters.
 */
import { foldPoint, foldUnit, IGNORABLE, kindOfUnit, SEVERAL, SPACE, SYMBOL } from './folding.ts';
import type { WordList } from './word-list.ts';

/** Where a word stands in the text, in UTF-16 units; `to` is behind it. */
export interface Found {
  readonly from: number;
  readonly to: number;
}

const NO_GAP = 0;
const SYMBOL_GAP = 1;
const SPACE_GAP = 2;

const FIRST_CAPACITY = 512;

export class Scanner {
  readonly #list: WordList;
  /** Of each letter: its folded unit, where it begins and ends in the text, and what stands before it. */
  #units = new Uint16Array(FIRST_CAPACITY);
  #starts = new Int32Array(FIRST_CAPACITY);
  #ends = new Int32Array(FIRST_CAPACITY);
  #gaps = new Uint8Array(FIRST_CAPACITY);
  #count = 0;
  #gap = NO_GAP;
  #state = 0;
  /** Characters of the text so far. */
  #offset = 0;
  /** The first half of a pair, which the next piece completes. */
  #half = '';

  constructor(list: WordList) {
    this.#list = list;
  }

  /** From where on the text may still turn out to hold the beginning of a word; its length where nothing may. */
  get undecidedFrom(): number {
    const letters = this.#list.automaton.depth(this.#state);
    const from = letters === 0 ? this.#offset : (this.#starts[this.#count - letters] ?? this.#offset);
    return Math.min(from, this.#offset);
  }

  reset(): void {
    this.#count = 0;
    this.#gap = NO_GAP;
    this.#state = 0;
    this.#offset = 0;
    this.#half = '';
  }

  /** Takes the next piece, and tells of every word that has ended in it for certain. */
  feed(piece: string, tell: (found: Found) => void): void {
    const text = this.#half === '' ? piece : this.#half + piece;
    this.#half = '';
    const base = this.#offset;
    for (let at = 0; at < text.length; ) {
      const unit = text.charCodeAt(at);
      const folded = foldUnit(unit);
      if (folded > SEVERAL) {
        this.#letter(folded, base + at, base + at + 1, tell);
        at += 1;
      } else if (folded === SEVERAL) {
        if (unit >= 0xd800 && unit <= 0xdbff && at + 1 === text.length) {
          this.#half = text.slice(at);
          break;
        }
        const point = text.codePointAt(at) ?? unit;
        const width = point > 0xffff ? 2 : 1;
        this.#point(foldPoint(point), base + at, base + at + width, tell);
        at += width;
      } else {
        this.#between(folded);
        at += 1;
      }
    }
    this.#offset = base + text.length - this.#half.length;
  }

  /** Nothing more comes: a word at the very end ends there. */
  end(tell: (found: Found) => void): void {
    this.#offset += this.#half.length;
    this.#half = '';
    this.#settle(-1, tell);
  }

  #point(units: string, from: number, to: number, tell: (found: Found) => void): void {
    for (let at = 0; at < units.length; at++) {
      const unit = units.charCodeAt(at);
      if (unit > SEVERAL) this.#letter(unit, from, to, tell);
      else this.#between(unit);
    }
  }

  #between(folded: number): void {
    if (folded === SPACE) this.#gap = SPACE_GAP;
    else if (folded === SYMBOL && this.#gap === NO_GAP) this.#gap = SYMBOL_GAP;
    else if (folded !== SYMBOL && folded !== IGNORABLE) throw new Error('a letter is no gap');
  }

  #letter(unit: number, from: number, to: number, tell: (found: Found) => void): void {
    // Whether a word ended before this letter is only known by this letter.
    if (this.#list.automaton.ending(this.#state) !== 0) this.#settle(unit, tell);
    if (this.#count === this.#units.length) this.#grow();
    const at = this.#count;
    this.#units[at] = unit;
    this.#starts[at] = from;
    this.#ends[at] = to;
    this.#gaps[at] = this.#gap;
    this.#count += 1;
    this.#gap = NO_GAP;
    this.#state = this.#list.automaton.step(this.#state, unit);
  }

  /** Tells of the words that end with the last letter, given the unit that follows it, or -1 for none. */
  #settle(following: number, tell: (found: Found) => void): void {
    const { automaton, length } = this.#list;
    const last = this.#count - 1;
    for (let state = automaton.ending(this.#state); state !== 0; state = automaton.nextEnding(state)) {
      const word = automaton.word(state);
      const first = this.#count - length(word);
      if (this.#isMeant(word, first, last, following))
        tell({ from: this.#starts[first] ?? 0, to: this.#ends[last] ?? 0 });
    }
  }

  #isMeant(word: number, first: number, last: number, following: number): boolean {
    if (this.#list.isFoundAnywhere(word)) return true;
    const isJoined = (one: number, other: number): boolean => {
      const kind = kindOfUnit(one);
      return kind !== 3 && kind === kindOfUnit(other);
    };
    if (first > 0 && this.#gaps[first] === NO_GAP && isJoined(this.#units[first - 1] ?? 0, this.#units[first] ?? 0))
      return false;
    if (following >= 0 && this.#gap === NO_GAP && isJoined(this.#units[last] ?? 0, following)) return false;
    return this.#isInOnePiece(word, first, last);
  }

  /** Spaces within a word are only meant to hide it where its letters stand alone, with one longer piece at most. */
  #isInOnePiece(word: number, first: number, last: number): boolean {
    let spaces = 0;
    let single = 0;
    let longer = 0;
    let pieceFrom = first;
    for (let at = first + 1; at <= last + 1; at++) {
      const gap = at > last ? SPACE_GAP : this.#list.hasOwnGap(word, at - first) ? NO_GAP : (this.#gaps[at] ?? NO_GAP);
      if (gap === NO_GAP) continue;
      if (gap === SPACE_GAP && at <= last) spaces += 1;
      if (at - pieceFrom === 1) single += 1;
      else longer += 1;
      pieceFrom = at;
    }
    return spaces === 0 || (single >= 2 && longer <= 1);
  }

  #grow(): void {
    const twice = <A extends Uint16Array | Int32Array | Uint8Array>(old: A, grown: A): A => {
      grown.set(old);
      return grown;
    };
    const size = this.#units.length * 2;
    this.#units = twice(this.#units, new Uint16Array(size));
    this.#starts = twice(this.#starts, new Int32Array(size));
    this.#ends = twice(this.#ends, new Int32Array(size));
    this.#gaps = twice(this.#gaps, new Uint8Array(size));
  }
}
