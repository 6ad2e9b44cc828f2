import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { commitOf, freshRef } from '../../properties/arbitraries/commits.ts';
import { appendMany, everything, positionOf } from '../../properties/conformance/event-log.ts';
import { LmdbEventLog } from './event-log.ts';
import { LmdbStore } from './store.ts';

let folder: string;
let store: LmdbStore;
let log: LmdbEventLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kefu-lmdb-log-'));
  store = await LmdbStore.open({ folder });
  log = new LmdbEventLog(store);
});
afterEach(async () => {
  await log.close();
  await store.close();
  await rm(folder, { recursive: true });
});

describe('a disk that does not answer', () => {
  test('appends are undecided within the bound, and nothing is stored twice when it answers after all', async () => {
    const write = store.write.bind(store);
    let answer = (): void => undefined;
    const answers = new Promise<void>((resolve) => {
      answer = resolve;
    });
    vi.spyOn(store, 'write').mockImplementation(async (action) => {
      await answers;
      await write(action);
    });
    const slow = new LmdbEventLog(store, { appendMs: 200 });
    const ref = freshRef();
    const commit = commitOf(ref, ['slow']);
    const startedAt = performance.now();
    expect((await slow.append({ ...ref, commit, expected: 0 }))._tag).toBe('Undecided');
    // Whether the first is stored is not known yet, so nothing can be known of a second.
    expect((await slow.append({ ...ref, commit: commitOf(ref, ['other']), expected: 0 }))._tag).toBe('Undecided');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    answer();
    await slow.close();
    log = new LmdbEventLog(store);
    expect(await log.append({ ...ref, commit: commitOf(ref, ['third']), expected: 0 })).toEqual({ _tag: 'Conflict' });
    const position = positionOf(await log.append({ ...ref, commit, expected: 0 }));
    expect(await everything(log.read(ref))).toEqual([{ tenant: 't', position, commit }]);
  });

  test('an append that the disk refuses rejects with its reason, and leaves the session as it was', async () => {
    const ref = freshRef();
    const [first] = await appendMany(log, ref, 1);
    const commit = commitOf(ref, ['a'], first?.commit);
    const append = { ...ref, commit, expected: first?.position ?? 0 };
    vi.spyOn(store, 'write').mockRejectedValueOnce(new Error('no space left on device'));
    await expect(log.append(append)).rejects.toThrow('no space left on device');
    expect(await everything(log.read(ref))).toEqual([first]);
    const position = positionOf(await log.append(append));
    expect(await everything(log.read(ref))).toEqual([first, { tenant: 't', position, commit }]);
  });
});

test('appends of one turn of the event loop share a transaction', async () => {
  const write = vi.spyOn(store, 'write');
  const appends = Array.from({ length: 300 }, () => {
    const ref = freshRef();
    return log.append({ ...ref, commit: commitOf(ref, ['a']), expected: 0 });
  });
  const positions = (await Promise.all(appends)).map(positionOf);
  expect(positions).toEqual(positions.map((_, index) => index + 1));
  expect(write).toHaveBeenCalledTimes(1);
});

test('a scan hands on at once whatever is at hand', async () => {
  const count = 1_300;
  await Promise.all(
    Array.from({ length: count }, () => {
      const ref = freshRef();
      return log.append({ ...ref, commit: commitOf(ref, ['a']), expected: 0 });
    }),
  );
  const sizes: number[] = [];
  for await (const batch of log.scan({ after: 0 })) sizes.push(batch.length);
  expect(sizes).toEqual([count]);
});
