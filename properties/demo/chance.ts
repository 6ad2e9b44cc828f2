/** Chance that can be had again: the same seed gives the same numbers. */

/** Gives a number of at least 0 and less than 1 each time. */
export type Chance = () => number;

/** Mulberry32 (Tommy Ettinger): 32 bits of state, enough to vary a play. */
export const seeded = (seed: number): Chance => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The same elements in another order (Fisher and Yates). */
export const shuffled = <A>(elements: readonly A[], chance: Chance): readonly A[] => {
  const rest = [...elements];
  return elements.map(() => rest.splice(Math.floor(chance() * rest.length), 1)).flat();
};
