/**
 * Gives back the young space that a crowd has left behind. It has grown to 128 MB by then, and V8 makes it smaller only when it
 * collects while little is being allocated: left alone, a process at rest fills all of it first, which takes minutes. So a
 * process that has come to rest collects early, once a second, until V8 has found it quiet for long enough.
 */
import { getHeapSpaceStatistics } from 'node:v8';

const LOOK_EVERY_MS = 1_000;
/** A young space up to this is left as it is. */
const SMALL_BYTES = 8 * 1024 * 1024;
/** Whoever allocates less between two looks is at rest; V8's own bound is a little higher. */
const RESTING_BYTES = 900_000;

/** Without `--expose-gc` nobody can collect, and nothing is given back early. Returns what ends it. */
export const giveBackYoungSpace = (collect: NodeJS.GCFunction | undefined = globalThis.gc): (() => void) => {
  if (collect === undefined) return () => undefined;
  let usedBefore = 0;
  const look = (): void => {
    const { space_size: size, space_used_size: used } = youngSpace();
    const allocated = used - usedBefore;
    usedBefore = used;
    // It is less than before where V8 has collected meanwhile, and so at work.
    if (size <= SMALL_BYTES || allocated < 0 || allocated > RESTING_BYTES) return;
    collect({ type: 'minor' });
    usedBefore = youngSpace().space_used_size;
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
};

const youngSpace = (): { readonly space_size: number; readonly space_used_size: number } =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space') ?? {
    space_size: 0,
    space_used_size: 0,
  };
