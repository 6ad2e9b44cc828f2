/**
 * Finds all words of a list in one pass (Aho and Corasick, "Efficient string matching: an aid to bibliographic search",
 * CACM 18/6, 1975). Typed arrays throughout: ten thousand words are some forty thousand nodes.
 */

export interface Automaton {
  /** The state after one more unit; 0 is the beginning. */
  readonly step: (state: number, unit: number) => number;
  /** How many of the last units are the beginning of a word, at most. */
  readonly depth: (state: number) => number;
  /** The first state, from this one along its suffixes, at which a word ends; 0 where none does. */
  readonly ending: (state: number) => number;
  /** The next of them. */
  readonly nextEnding: (state: number) => number;
  /** The word that ends at such a state, as its place in the list. */
  readonly word: (state: number) => number;
}

interface Node {
  readonly children: Map<number, number>;
  readonly depth: number;
  word: number;
}

/** Of equal words the first counts. */
export const automaton = (words: readonly string[]): Automaton => {
  const nodes = trieOf(words);
  const table = new Edges(nodes);
  const depth = Int32Array.from(nodes, (node) => node.depth);
  const word = Int32Array.from(nodes, (node) => node.word);
  const fail = new Int32Array(nodes.length);
  const ending = new Int32Array(nodes.length);
  const next = new Int32Array(nodes.length);

  const step = (from: number, unit: number): number => {
    let state = from;
    for (;;) {
      const to = table.get(state, unit);
      if (to !== 0 || state === 0) return to;
      state = fail[state] ?? 0;
    }
  };

  // Nodes in order of depth, so that what a node falls back to is known before it.
  const queue = [0];
  for (let at = 0; at < queue.length; at++) {
    const parent = queue[at] ?? 0;
    for (const [unit, child] of nodes[parent]?.children ?? []) {
      queue.push(child);
      const back = parent === 0 ? 0 : step(fail[parent] ?? 0, unit);
      fail[child] = back;
      next[child] = ending[back] ?? 0;
      ending[child] = (word[child] ?? -1) >= 0 ? child : (next[child] ?? 0);
    }
  }
  return {
    step,
    depth: (state) => depth[state] ?? 0,
    ending: (state) => ending[state] ?? 0,
    nextEnding: (state) => next[state] ?? 0,
    word: (state) => word[state] ?? -1,
  };
};

const trieOf = (words: readonly string[]): Node[] => {
  const nodes: Node[] = [{ children: new Map(), depth: 0, word: -1 }];
  words.forEach((word, index) => {
    let at = 0;
    for (let place = 0; place < word.length; place++) {
      const unit = word.charCodeAt(place);
      const known = nodes[at]?.children.get(unit);
      if (known === undefined) {
        nodes.push({ children: new Map(), depth: place + 1, word: -1 });
        nodes[at]?.children.set(unit, nodes.length - 1);
      }
      at = known ?? nodes.length - 1;
    }
    const end = nodes[at];
    if (end !== undefined && end.word < 0) end.word = index;
  });
  return nodes;
};

/** Numbers of one edge, side by side so that one look at the memory finds them. */
const STRIDE = 4;

/** The edges of all nodes in one open-addressed table, never more than half full. */
class Edges {
  /** From, unit, to; 0 for `to` where there is none. */
  readonly #table: Int32Array;
  readonly #mask: number;
  /** From the beginning, where most steps are taken. */
  readonly #first = new Int32Array(0x1_0000);
  /** Of each node, one bit for the last five bits of each unit that leads on: most steps lead nowhere. */
  readonly #leads: Int32Array;

  constructor(nodes: readonly Node[]) {
    const size = 2 ** Math.ceil(Math.log2(nodes.length * 2 + 2));
    this.#mask = size - 1;
    this.#table = new Int32Array(size * STRIDE);
    this.#leads = new Int32Array(nodes.length);
    nodes.forEach(({ children }, from) => {
      for (const [unit, to] of children) this.#add(from, unit, to);
    });
  }

  /** 0 where there is no such edge. */
  get(from: number, unit: number): number {
    if (from === 0) return this.#first[unit] ?? 0;
    if ((((this.#leads[from] ?? 0) >>> (unit & 31)) & 1) === 0) return 0;
    const table = this.#table;
    for (let place = this.#placeOf(from, unit); ; place = (place + 1) & this.#mask) {
      const at = place * STRIDE;
      const to = table[at + 2] ?? 0;
      if (to === 0 || (table[at] === from && table[at + 1] === unit)) return to;
    }
  }

  #add(from: number, unit: number, to: number): void {
    if (from === 0) {
      this.#first[unit] = to;
      return;
    }
    this.#leads[from] = (this.#leads[from] ?? 0) | (1 << (unit & 31));
    let place = this.#placeOf(from, unit);
    while (this.#table[place * STRIDE + 2] !== 0) place = (place + 1) & this.#mask;
    this.#table.set([from, unit, to], place * STRIDE);
  }

  #placeOf(from: number, unit: number): number {
    const mixed = Math.imul(from, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & this.#mask;
  }
}
