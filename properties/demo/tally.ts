/** Compares what a reader got with what happened: nothing missing, nothing twice, nothing out of order, nothing else. */

/** One thing that happened in a session, as it is known to whoever caused it or as a reader got it. */
export interface Item {
  /** Which one it is: no two of a session have the same. Empty where the one who caused it was never told. */
  readonly key: string;
  /** What it says: author and text, for a message. Two of a session may say the same. */
  readonly says: string;
  /** Its number in the session; 0 where the one who caused it was never told. */
  readonly seq: number;
}

/** How many items have each fault; all zeros when the reader got exactly what happened. */
export interface Faults {
  /** Came after one that happened later. */
  readonly outOfOrder: number;
  /** Happened, and did not come. */
  readonly missing: number;
  /** Came again, or happened once and is there twice under two keys. */
  readonly duplicated: number;
  /** Came with another text, author or seq than it has, or never happened. */
  readonly wrong: number;
}

export const faultless: Faults = { outOfOrder: 0, missing: 0, duplicated: 0, wrong: 0 };

export const isFaultless = (faults: Faults): boolean => Object.values(faults).every((count) => count === 0);

export const addFaults = (a: Faults, b: Faults): Faults => ({
  outOfOrder: a.outOfOrder + b.outOfOrder,
  missing: a.missing + b.missing,
  duplicated: a.duplicated + b.duplicated,
  wrong: a.wrong + b.wrong,
});

/** The faults of what one reader got of one session, in the order it came. */
export const tally = (happened: readonly Item[], came: readonly Item[]): Faults => {
  const places = new Map(happened.map(({ key }, place) => [key, place]));
  places.delete('');
  const taken = new Set<number>();
  let [outOfOrder, duplicated, wrong, furthest] = [0, 0, 0, -1];
  for (const item of came) {
    const place = places.get(item.key) ?? untoldPlace(happened, taken, item);
    const original = place === undefined ? undefined : happened[place];
    if (place === undefined || original === undefined) {
      // What was carried out twice stands there under two keys, and only one of them was acknowledged.
      if (happened.some(({ says }) => says === item.says)) duplicated += 1;
      else wrong += 1;
    } else if (taken.has(place)) {
      duplicated += 1;
    } else {
      taken.add(place);
      if (!isSame(original, item)) wrong += 1;
      if (place < furthest) outOfOrder += 1;
      furthest = Math.max(furthest, place);
    }
  }
  return { outOfOrder, missing: happened.length - taken.size, duplicated, wrong };
};

/** What its author never heard of again can only be told by what it says. */
const untoldPlace = (happened: readonly Item[], taken: ReadonlySet<number>, item: Item): number | undefined => {
  const place = happened.findIndex(({ key, says }, at) => key === '' && says === item.says && !taken.has(at));
  return place < 0 ? undefined : place;
};

const isSame = (original: Item, item: Item): boolean =>
  original.says === item.says && (original.seq === item.seq || original.seq === 0);
