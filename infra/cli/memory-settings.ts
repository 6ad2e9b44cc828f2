/** What V8 is told about memory, beside what somebody has told it already. */

/**
 * Messages under way are a few milliseconds old when V8's default young space of 16 MB is full, so that it copies them all and
 * then ages them; with room for a second's worth they are gone by then. It halves what a message costs.
 */
const YOUNG_SPACE = { name: '--max-semi-space-size', flag: '--max-semi-space-size=64' };
/** Several threads that share out so little to copy spend a twentieth of all time on waiting for each other. */
const ONE_SCAVENGER = { name: 'parallel-scavenge', flag: '--no-parallel-scavenge' };
/**
 * When everything is collected next: when there is so much more than was left (in percent). Whoever collects everything does it
 * beside the thread that serves, and slows it down for 100 ms.
 */
const ROOM_TO_GROW = { name: 'heap-growing', flag: '--heap-growing-percent=600' };
/** What the young space has grown to is given back at rest. */
const COLLECTOR_AT_HAND = { name: 'expose', flag: '--expose-gc' };

/** What the first line of the command sets for one process, for those that are started in another way. */
export const withMemorySettings = (given: readonly string[]): string[] => [
  ...given,
  ...[YOUNG_SPACE, ONE_SCAVENGER, ROOM_TO_GROW, COLLECTOR_AT_HAND]
    .filter(({ name }) => !given.some((each) => each.includes(name)))
    .map(({ flag }) => flag),
];
