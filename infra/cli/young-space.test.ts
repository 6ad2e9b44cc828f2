/** A crowd that has gone leaves no young space behind. The crowd, the collector and the space are V8's own. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test, vi } from 'vitest';
import { giveBackYoungSpace } from './young-space.ts';

const youngSpaceBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;

/** More than is collected at once, all of it in use for a while: the young space grows with what survives in it. */
const crowd = (): void => {
  let visitors: { readonly session: string }[] = [];
  for (let count = 0; count < 2_000_000; count++) {
    visitors.push({ session: `session ${count}` });
    if (visitors.length > 200_000) visitors = visitors.slice(100_000);
  }
};

const GROWN_BYTES = 16 * 1024 * 1024;
const SMALL_BYTES = 8 * 1024 * 1024;

test('the young space is small again when the process has come to rest', async () => {
  setFlagsFromString('--expose-gc');
  onTestFinished(giveBackYoungSpace(runInNewContext('gc') as NodeJS.GCFunction));
  crowd();
  expect(youngSpaceBytes()).toBeGreaterThan(GROWN_BYTES);
  await vi.waitFor(() => expect(youngSpaceBytes()).toBeLessThan(SMALL_BYTES), { timeout: 25_000, interval: 500 });
});
