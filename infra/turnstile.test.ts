import { expect, test } from 'vitest';
import { Turnstile } from './turnstile.ts';

test('so many are inside at once, in the order in which they came, also when some fail', async () => {
  const turnstile = new Turnstile(2);
  const leave: ((outcome: 'done' | 'failed') => void)[] = [];
  const entered: number[] = [];
  const all = Array.from({ length: 5 }, (_, index) =>
    turnstile.through(
      () =>
        new Promise<number>((resolve, reject) => {
          entered.push(index);
          leave[index] = (outcome) => (outcome === 'done' ? resolve(index) : reject(new Error(`${index}`)));
        }),
    ),
  );
  const settled = Promise.allSettled(all);
  expect(entered).toEqual([0, 1]);
  leave[1]?.('failed');
  await Promise.allSettled([all[1]]);
  await Promise.resolve();
  expect(entered).toEqual([0, 1, 2]);
  leave[0]?.('done');
  await all[0];
  leave[2]?.('done');
  await all[2];
  await Promise.resolve();
  expect(entered).toEqual([0, 1, 2, 3, 4]);
  leave[3]?.('done');
  leave[4]?.('done');
  expect((await settled).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  await expect(turnstile.through(() => Promise.resolve('free again'))).resolves.toBe('free again');
});
