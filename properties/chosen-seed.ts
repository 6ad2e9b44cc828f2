/**
 * The seed of a run's random tests, and how long they are: `KEFU_SEED` and `KEFU_RUNS`, or a new seed each time and few
 * runs. Whoever uses the seed says it, so that what failed can be had again.
 */
const SEED_MAX = 2 ** 31;

const fromEnvironment = (name: string): number | undefined => {
  const value = process.env[name];
  if (value === undefined || value === '') return undefined;
  if (!/^\d{1,10}$/.test(value)) throw new Error(`${name}: expected a whole number, not ${value}`);
  return Number(value);
};

export const chosenSeed: number = fromEnvironment('KEFU_SEED') ?? Math.floor(Math.random() * SEED_MAX);

/** How many runs a property gets: so many, or as many as `KEFU_RUNS` says. */
export const runs = (usual: number): number => fromEnvironment('KEFU_RUNS') ?? usual;

/** For `fc.assert`; a failure prints the seed and the path to the smallest example. */
export const chosen = (usual: number): { readonly seed: number; readonly numRuns: number } => ({
  seed: chosenSeed,
  numRuns: runs(usual),
});

/** `KEFU_SEED=…`, for the first line of a test's output. */
export const sayWhere = (what: string): string => `${what}: KEFU_SEED=${chosenSeed}`;
