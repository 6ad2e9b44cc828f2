/**
 * The newest so many rows of numbers, each under a key: a ring that forgets its oldest row when it is full, and a table with
 * open addressing and linear probing to find a key's place (Knuth, The Art of Computer Programming, volume 3, section 6.4,
 * algorithms L and R). Rows stand in lists of numbers, one of which grows with what it holds and is never copied again when it is
 * full. Most sessions are short, and idle ones cost what they hold: a few rows are looked through without a table, and a plain
 * array takes 200 bytes less than a typed one.
 */

/** Rows up to which looking at each is as quick as a table. */
const ROWS_WITHOUT_TABLE = 8;
/** Slots of the table for each row: half of them stay empty. */
const SLOTS_A_ROW = 2;
/** Rows of one list, as a power of two. */
const BLOCK_BITS = 6;
const BLOCK_ROWS = 1 << BLOCK_BITS;

export class KeyedRing {
  /** A row's key and its numbers. */
  readonly #stride: number;
  readonly #rowsMax: number;
  readonly #blocks: number[][];
  /** Places plus one; 0 where a slot is empty. As many slots as a power of two. */
  #slots: Uint16Array | undefined;
  #size = 0;
  #oldest = 0;

  /** At most 32,767 rows, a power of two. */
  constructor(width: number, rowsMax: number) {
    this.#stride = width + 1;
    this.#rowsMax = rowsMax;
    this.#blocks = [zeros(this.#stride)];
  }

  /** A key's place; -1 for one that is not there. */
  placeOf(key: number): number {
    const slots = this.#slots;
    if (slots !== undefined) return (slots[this.#slotOf(slots, key)] ?? 0) - 1;
    let place = this.#size - 1;
    while (place >= 0 && this.keyAt(place) !== key) place -= 1;
    return place;
  }

  get(place: number, column: number): number {
    return this.#blocks[place >> BLOCK_BITS]?.[(place % BLOCK_ROWS) * this.#stride + 1 + column] ?? 0;
  }

  set(place: number, column: number, value: number): void {
    const block = this.#blocks[place >> BLOCK_BITS];
    if (block !== undefined) block[(place % BLOCK_ROWS) * this.#stride + 1 + column] = value;
  }

  /** The key that the next {@link add} forgets, if it forgets one. */
  next(): number | undefined {
    return this.#size < this.#rowsMax ? undefined : this.keyAt(this.#oldest);
  }

  /** Makes a place for a key that is not there. */
  add(key: number): number {
    let place = this.#size;
    if (place === this.#rowsMax) {
      place = this.#oldest;
      this.#oldest = (place + 1) % this.#rowsMax;
      if (this.#slots !== undefined) this.#remove(this.#slots, this.keyAt(place));
    } else {
      this.#makeRoom(place);
      this.#size += 1;
    }
    this.set(place, -1, key);
    if (this.#slots !== undefined) this.#slots[this.#slotOf(this.#slots, key)] = place + 1;
    return place;
  }

  /** Of all rows, oldest first. */
  places(): readonly number[] {
    const places: number[] = [];
    for (let index = 0; index < this.#size; index++) places.push((this.#oldest + index) % this.#size);
    return places;
  }

  /** The key of the row that stands there. */
  keyAt(place: number): number {
    return this.get(place, -1);
  }

  /** Where the key stands in the table, or would stand. */
  #slotOf(slots: Uint16Array, key: number): number {
    const mask = slots.length - 1;
    let slot = key & mask;
    for (;;) {
      const place = (slots[slot] ?? 0) - 1;
      if (place < 0 || this.keyAt(place) === key) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Empties the key's slot and moves up whatever was pushed on by it, so that no search ends too early. */
  #remove(slots: Uint16Array, key: number): void {
    const mask = slots.length - 1;
    let hole = this.#slotOf(slots, key);
    for (let slot = (hole + 1) & mask; (slots[slot] ?? 0) !== 0; slot = (slot + 1) & mask) {
      const home = this.keyAt((slots[slot] ?? 0) - 1) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      slots[hole] = slots[slot] ?? 0;
      hole = slot;
    }
    slots[hole] = 0;
  }

  #makeRoom(place: number): void {
    const last = this.#blocks.length - 1;
    const block = this.#blocks[last] ?? [];
    // What stands in new rows is never read. Copied, they are a list of numbers at once, and as long as it says.
    if (place === this.#blocks.length * BLOCK_ROWS) this.#blocks.push(block.slice());
    else if (place >= last * BLOCK_ROWS + block.length / this.#stride) this.#blocks[last] = block.concat(block);
    const rowsMax = this.#slots === undefined ? ROWS_WITHOUT_TABLE : this.#slots.length / SLOTS_A_ROW;
    if (place === rowsMax) this.#layOut(2 * rowsMax * SLOTS_A_ROW);
  }

  #layOut(length: number): void {
    const slots = new Uint16Array(length);
    for (let place = 0; place < this.#size; place++) slots[this.#slotOf(slots, this.keyAt(place))] = place + 1;
    this.#slots = slots;
  }
}

/** As long as it says and no longer: what grows by being added to has room for 16 more. */
const zeros = (length: number): number[] => Array.from({ length }, () => 0);
