/** What every store of snapshots keeps, whatever it is made of. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SnapshotStore } from '../../actors/snapshot-store.ts';
import type { SessionRef } from '../../events/names.ts';
import { freshRef } from '../arbitraries/commits.ts';
import { sessionName, tenantName } from '../arbitraries/session-rows.ts';
import type { StoredSnapshots } from '../doubles/stored-snapshots.ts';

const RUNS = 60;
/** As long as that of the longest session there can be, and more. */
const LONGEST_CHARS = 4_000_000;

export const snapshotStoreLaws = (name: string, start: () => Promise<StoredSnapshots>): void => {
  describe(`snapshots in ${name}`, () => {
    let stored: StoredSnapshots;
    let store: SnapshotStore;
    beforeAll(async () => {
      stored = await start();
      store = stored.open();
    });
    afterAll(() => stored.close());

    test('a session without one has none', async () => {
      expect(await store.load(freshRef())).toBeUndefined();
    });

    test('what is saved is what is loaded, whatever people write, and the last one counts', async () => {
      const ref = freshRef();
      const text = fc.oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 500 }),
        fc.constantFrom('客服 👩‍👩‍👧 \u0000 "\\" \r\n', ' ', '{}', 'x'.repeat(100_000)),
      );
      await fc.assert(
        fc.asyncProperty(text, async (snapshot) => {
          await store.save(ref, snapshot);
          expect(await store.load(ref)).toBe(snapshot);
        }),
        { numRuns: RUNS },
      );
    });

    test('the longest there can be fits', async () => {
      const ref = freshRef();
      const snapshot = '客服 1234'.repeat(LONGEST_CHARS / 7);
      await store.save(ref, snapshot);
      expect((await store.load(ref)) === snapshot).toBe(true);
    });

    test('sessions do not meet, however alike their names are', async () => {
      const refs = fc.uniqueArray(fc.record({ tenant: tenantName, session: sessionName }), {
        minLength: 1,
        maxLength: 20,
        selector: keyOf,
      });
      await fc.assert(
        fc.asyncProperty(refs, fc.nat(), async (all, salt) => {
          await Promise.all(all.map((ref) => store.save(ref, `${salt} ${keyOf(ref)}`)));
          expect(await Promise.all(all.map((ref) => store.load(ref)))).toEqual(
            all.map((ref) => `${salt} ${keyOf(ref)}`),
          );
        }),
        { numRuns: RUNS },
      );
    });

    test('another process sees what was saved', async () => {
      const ref = freshRef();
      await store.save(ref, 'here');
      expect(await stored.open().load(ref)).toBe('here');
    });

    test('what is lost is simply not there, and can be saved again', async () => {
      const ref = freshRef();
      await store.save(ref, 'before');
      await stored.lose();
      expect(await store.load(ref)).toBeUndefined();
      await store.save(ref, 'after');
      expect(await store.load(ref)).toBe('after');
    });

    test('views are cleared and compared without a look at snapshots, and the other way round', async () => {
      const ref = freshRef();
      const shards = Array.from({ length: stored.views.shards }, (_, shard) => shard);
      await store.save(ref, 'mine');
      for (const shard of shards) for await (const entry of stored.views.dump(shard)) expect(entry).toBeUndefined();
      await stored.views.clear(shards);
      expect(await store.load(ref)).toBe('mine');
      expect(await stored.views.checkpoints()).toEqual(shards.map(() => 0));
    });
  });
};

const keyOf = ({ tenant, session }: SessionRef): string => `${tenant}/${session}`;
