/**
 * A set of which there is mostly one. A visitor's session is followed by the visitor alone for most of its time, and a set takes
 * 150 bytes to say so; one that is by itself takes none.
 */
export type Few<T extends object> = T | Set<T> | undefined;

export const withOne = <T extends object>(few: Few<T>, one: T): Few<T> => {
  if (few === undefined || few === one) return one;
  return few instanceof Set ? few.add(one) : new Set([few, one]);
};

export const withoutOne = <T extends object>(few: Few<T>, one: T): Few<T> => {
  if (few === one) return undefined;
  if (few instanceof Set && few.delete(one) && few.size === 0) return undefined;
  return few;
};

/** Those who leave while this goes on are left out, as with a set. */
export const forEach = <T extends object>(few: Few<T>, visit: (one: T) => void): void => {
  if (few instanceof Set) for (const one of few) visit(one);
  else if (few !== undefined) visit(few);
};
