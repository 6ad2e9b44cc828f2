/**
 * The newest so many rows of numbers, each under a key: a ring that forgets its oldest row when it is full, and a table with
 * open addressing and linear probing to find a key's place (Knuth, The Art of Computer Programming, volume 3, section 6.4,
 * algorithms L and R). All of it stands in two arrays, which grow with what they hold.
 */

/** Rows of four numbers that V8 keeps within the array itself, without a buffer beside it: most sessions are short. */
const ROWS_FIRST = 2;
/** Slots of the table for each row: half of them stay empty. */
const SLOTS_A_ROW = 2;

export class KeyedRing {
  /** A row's key and its numbers. */
  readonly #stride: number;
  readonly #rowsMax: number;
  #rows: Float64Array;
  /** Places plus one; 0 where a slot is empty. As many slots as a power of two. */
  #slots: Uint16Array;
  #size = 0;
  #oldest = 0;

  /** At most 32,767 rows, a power of two. */
  constructor(width: number, rowsMax: number) {
    this.#stride = width + 1;
    this.#rowsMax = rowsMax;
    this.#rows = new Float64Array(ROWS_FIRST * this.#stride);
    this.#slots = new Uint16Array(ROWS_FIRST * SLOTS_A_ROW);
  }

  /** A key's place; -1 for one that is not there. */
  placeOf(key: number): number {
    return (this.#slots[this.#slotOf(key)] ?? 0) - 1;
  }

  get(place: number, column: number): number {
    return this.#rows[place * this.#stride + 1 + column] ?? 0;
  }

  set(place: number, column: number, value: number): void {
    this.#rows[place * this.#stride + 1 + column] = value;
  }

  /** The key that the next {@link add} forgets, if it forgets one. */
  next(): number | undefined {
    return this.#size < this.#rowsMax ? undefined : this.#keyAt(this.#oldest);
  }

  /** Makes a place for a key that is not there. */
  add(key: number): number {
    let place = this.#size;
    if (place === this.#rowsMax) {
      place = this.#oldest;
      this.#oldest = (place + 1) % this.#rowsMax;
      this.#remove(this.#slotOf(this.#keyAt(place)));
    } else {
      if ((place + 1) * this.#stride > this.#rows.length) this.#grow();
      this.#size += 1;
    }
    this.#rows[place * this.#stride] = key;
    this.#slots[this.#slotOf(key)] = place + 1;
    return place;
  }

  /** Oldest first. */
  keys(): readonly number[] {
    return Array.from({ length: this.#size }, (_, index) => this.#keyAt((this.#oldest + index) % this.#size));
  }

  #keyAt(place: number): number {
    return this.#rows[place * this.#stride] ?? 0;
  }

  /** Where the key stands in the table, or would stand. */
  #slotOf(key: number): number {
    const mask = this.#slots.length - 1;
    let slot = key & mask;
    for (;;) {
      const place = (this.#slots[slot] ?? 0) - 1;
      if (place < 0 || this.#keyAt(place) === key) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Empties a slot and moves up whatever was pushed on by it, so that no search ends too early. */
  #remove(removed: number): void {
    const mask = this.#slots.length - 1;
    let hole = removed;
    for (let slot = (hole + 1) & mask; (this.#slots[slot] ?? 0) !== 0; slot = (slot + 1) & mask) {
      const home = this.#keyAt((this.#slots[slot] ?? 0) - 1) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      this.#slots[hole] = this.#slots[slot] ?? 0;
      hole = slot;
    }
    this.#slots[hole] = 0;
  }

  #grow(): void {
    const rows = new Float64Array(this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
    this.#slots = new Uint16Array(this.#slots.length * 2);
    for (let place = 0; place < this.#size; place++) this.#slots[this.#slotOf(this.#keyAt(place))] = place + 1;
  }
}
