/** What every log keeps, whatever it is made of. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stored } from '../../events/commit.ts';
import type { Appended, Batches, EventLog, Scan } from '../../events/event-log.ts';
import type { SessionRef } from '../../events/names.ts';
import { commitOf, freshRef } from '../arbitraries/commits.ts';

export interface LogUnderTest {
  readonly log: EventLog;
  /** The same log as a process that starts now sees it. The one before must not be used any more. */
  reopen(): Promise<EventLog>;
  close(): Promise<void>;
}

const RUNS = 40;
export const everything = async (batches: Batches): Promise<readonly Stored[]> => {
  const all: Stored[] = [];
  for await (const batch of batches) {
    expect(batch.length).toBeGreaterThan(0);
    all.push(...batch);
  }
  return all;
};

export const positionOf = (appended: Appended): number => {
  if (appended._tag !== 'Stored') throw new Error(`the append was not stored: ${JSON.stringify(appended)}`);
  return appended.position;
};

/** Appends so many commits to a session, each behind the one before. */
export const appendMany = async (log: EventLog, ref: SessionRef, count: number): Promise<readonly Stored[]> => {
  const stored: Stored[] = [];
  for (let index = 0; index < count; index++) {
    const last = stored.at(-1);
    const commit = commitOf(ref, [`text ${index}`], last?.commit);
    const position = positionOf(await log.append({ ...ref, commit, expected: last?.position ?? 0 }));
    stored.push({ tenant: ref.tenant, position, commit });
  }
  return stored;
};

export const eventLogLaws = (name: string, start: () => Promise<LogUnderTest>): void => {
  describe(`the log in ${name}`, () => {
    let under: LogUnderTest;
    let log: EventLog;
    beforeAll(async () => {
      under = await start();
      log = under.log;
    });
    afterAll(() => under.close());

    const scanned = (scan: Scan): Promise<readonly Stored[]> => everything(log.scan(scan));

    test('an empty log has head 0, and nothing to read or scan', async () => {
      expect(await log.head()).toBe(0);
      expect(await everything(log.read(freshRef()))).toEqual([]);
      expect(await scanned({ after: 0 })).toEqual([]);
      expect(await scanned({ after: 7, tenant: 't' })).toEqual([]);
    });

    test('what is appended is what is read, whatever people write', async () => {
      const texts = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), {
        minLength: 1,
        maxLength: 5,
      });
      const said = ['客服 👩‍👩‍👧 \u0000 "\\" \r\n', '\ud83d\ude00 e\u0301', ' ', 'x'.repeat(8_000)];
      await fc.assert(
        fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 4 }), async (written) => {
          const ref = freshRef();
          const stored: Stored[] = [];
          for (const each of [...written, said]) {
            const commit = commitOf(ref, each, stored.at(-1)?.commit);
            const position = positionOf(await log.append({ ...ref, commit, expected: stored.at(-1)?.position ?? 0 }));
            stored.push({ tenant: ref.tenant, position, commit });
          }
          expect(await everything(log.read(ref))).toEqual(stored);
        }),
        { numRuns: RUNS },
      );
    });

    test('a session without commits reads as nothing', async () => {
      expect(await everything(log.read(freshRef()))).toEqual([]);
    });

    test('positions only grow, and reading behind one gives exactly what comes after it', async () => {
      const ref = freshRef();
      const stored = await appendMany(log, ref, 12);
      const positions = stored.map(({ position }) => position);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
      expect(new Set(positions).size).toBe(12);
      expect(positions[0]).toBeGreaterThan(0);
      for (const [index, position] of positions.entries()) {
        expect(await everything(log.read(ref, position))).toEqual(stored.slice(index + 1));
        expect(await everything(log.read(ref, position - 1))).toEqual(stored.slice(index));
      }
    });

    test('a long session is read whole, in order', async () => {
      const ref = freshRef();
      const stored = await appendMany(log, ref, 1_100);
      const read = await everything(log.read(ref));
      expect(read.map(({ position }) => position)).toEqual(stored.map(({ position }) => position));
      expect(read.flatMap(({ commit }) => commit.seq)).toEqual(stored.map((_, index) => index + 1));
    });

    test('an append whose expected position is not the last one is a conflict, and leaves nothing', async () => {
      const ref = freshRef();
      const [first, second] = await appendMany(log, ref, 2);
      if (first === undefined || second === undefined) throw new Error('two were stored');
      for (const expected of [0, first.position, second.position + 1_000]) {
        const commit = commitOf(ref, ['too late'], second.commit);
        expect(await log.append({ ...ref, commit, expected })).toEqual({ _tag: 'Conflict' });
      }
      expect(await everything(log.read(ref))).toEqual([first, second]);
      const nobody = freshRef();
      const early = await log.append({ ...nobody, commit: commitOf(nobody, ['early']), expected: second.position });
      expect(early).toEqual({ _tag: 'Conflict' });
      expect(await everything(log.read(nobody))).toEqual([]);
    });

    test('of appends that race with the same expected position exactly one is stored', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(3), fc.integer({ min: 2, max: 8 }), async (before, racers) => {
          const ref = freshRef();
          const past = await appendMany(log, ref, before);
          const expected = past.at(-1)?.position ?? 0;
          const racing = Array.from({ length: racers }, (_, racer) =>
            commitOf(ref, [`racer ${racer}`], past.at(-1)?.commit),
          );
          const outcomes = await Promise.all(racing.map((commit) => log.append({ ...ref, commit, expected })));
          const winners = outcomes.flatMap((outcome, index) => (outcome._tag === 'Stored' ? [racing[index]] : []));
          expect(winners).toHaveLength(1);
          expect(outcomes.filter(({ _tag }) => _tag === 'Conflict')).toHaveLength(racers - 1);
          const read = await everything(log.read(ref));
          expect(read.slice(before).map(({ commit }) => commit)).toEqual(winners);
        }),
        { numRuns: RUNS },
      );
    });

    test('the same commit appended again, because its answer was lost, is stored once and has its first position', async () => {
      const ref = freshRef();
      const past = await appendMany(log, ref, 2);
      const expected = past.at(-1)?.position ?? 0;
      const commit = commitOf(ref, ['once'], past.at(-1)?.commit);
      const position = positionOf(await log.append({ ...ref, commit, expected }));
      expect(positionOf(await log.append({ ...ref, commit, expected }))).toBe(position);
      const both = await Promise.all([1, 2].map(() => log.append({ ...ref, commit, expected })));
      expect(both.map(positionOf)).toEqual([position, position]);
      const last = await appendBehind(log, ref, { tenant: 't', position, commit });
      // Also when the session has gone on since.
      expect(positionOf(await log.append({ ...ref, commit, expected }))).toBe(position);
      expect(await everything(log.read(ref, expected))).toEqual([{ tenant: 't', position, commit }, last]);
    });

    test('sessions of different tenants with one name are different sessions', async () => {
      const here = freshRef('a');
      const there = { ...here, tenant: 'a-b' };
      const [mine, theirs] = [await appendMany(log, here, 2), await appendMany(log, there, 3)];
      expect(await everything(log.read(here))).toEqual(mine);
      expect(await everything(log.read(there))).toEqual(theirs);
    });

    test('a scan gives everything behind a position, in order, up to the end as it was at its start', async () => {
      const after = await log.head();
      const [one, two] = [freshRef(), freshRef('u')];
      const stored = [
        ...(await appendMany(log, one, 3)),
        ...(await appendMany(log, two, 3)),
        ...(await appendMany(log, freshRef(), 600)),
      ];
      expect(await scanned({ after })).toEqual(stored);
      const scan = log.scan({ after })[Symbol.asyncIterator]();
      const first = (await scan.next()) as IteratorYieldResult<readonly Stored[]>;
      await appendMany(log, freshRef(), 1);
      const rest = await everything({ [Symbol.asyncIterator]: () => scan });
      expect([...first.value, ...rest]).toEqual(stored);
      expect(await scanned({ after: stored.at(-2)?.position ?? 0, until: stored.at(-1)?.position ?? 0 })).toEqual(
        stored.slice(-1),
      );
    });

    test('a scan up to a position includes it and ends there', async () => {
      const after = await log.head();
      const stored = await appendMany(log, freshRef(), 20);
      const until = stored[9]?.position ?? 0;
      expect(await scanned({ after, until })).toEqual(stored.slice(0, 10));
      expect(await scanned({ after, until, follow: true })).toEqual(stored.slice(0, 10));
      expect(await scanned({ after: until, until })).toEqual([]);
      expect(await scanned({ after: until, until: until - 1 })).toEqual([]);
      expect(await scanned({ after, until: (await log.head()) + 1_000 })).toEqual(stored);
    });

    test("a tenant's scan has only that tenant's, and ends also where the end is not theirs", async () => {
      const after = await log.head();
      const mine = await appendMany(log, freshRef('mine'), 4);
      await appendMany(log, freshRef('mine-not'), 700);
      const later = await appendMany(log, freshRef('mine'), 2);
      await appendMany(log, freshRef('x'), 5);
      expect(await scanned({ after, tenant: 'mine' })).toEqual([...mine, ...later]);
      expect(await scanned({ after, tenant: 'mine', until: mine.at(-1)?.position ?? 0 })).toEqual(mine);
      expect(await scanned({ after, tenant: 'mine', until: (mine.at(-1)?.position ?? 0) + 3 })).toEqual(mine);
      expect(await scanned({ after, tenant: 'nobody' })).toEqual([]);
    });

    test('a scan that follows sees what is appended later, each once and in order, until it is told to stop', async () => {
      const after = await log.head();
      const stop = new AbortController();
      const seen: Stored[] = [];
      const here = await appendMany(log, freshRef(), 3);
      const following = follow(log, { after, follow: true, signal: stop.signal }, seen);
      await seenAtLeast(seen, 3);
      const later = await appendMany(log, freshRef(), 50);
      await seenAtLeast(seen, 53);
      const burst = await Promise.all(Array.from({ length: 40 }, () => appendMany(log, freshRef(), 30)));
      const all = [...here, ...later, ...burst.flat().sort((a, b) => a.position - b.position)];
      await seenAtLeast(seen, all.length);
      stop.abort();
      await following;
      expect(seen).toEqual(all);
    });

    test('a tenant can be followed too, and an idle one ends as promptly', async () => {
      const after = await log.head();
      const stop = new AbortController();
      const seen: Stored[] = [];
      const following = follow(log, { after, follow: true, tenant: 'followed', signal: stop.signal }, seen);
      await appendMany(log, freshRef(), 5);
      const theirs = await appendMany(log, freshRef('followed'), 5);
      await seenAtLeast(seen, 5);
      expect(seen).toEqual(theirs);
      const toldAt = performance.now();
      stop.abort();
      await following;
      expect(performance.now() - toldAt).toBeLessThan(1_000);
    });

    test('a scan whose signal is raised beforehand gives nothing', async () => {
      expect(await scanned({ after: 0, signal: AbortSignal.abort() })).toEqual([]);
      expect(await scanned({ after: 0, follow: true, signal: AbortSignal.abort() })).toEqual([]);
    });

    test('a reader that stops early leaves nothing running', async () => {
      await appendMany(log, freshRef(), 3);
      for await (const batch of log.scan({ after: 0, follow: true })) {
        expect(batch.length).toBeGreaterThan(0);
        break;
      }
      for await (const batch of log.read(freshRef())) expect(batch).toBeUndefined();
    });

    test('the head, and every read, have what was acknowledged before the call', async () => {
      const ref = freshRef();
      let last: Stored | undefined;
      for (let index = 0; index < 60; index++) {
        last = await appendBehind(log, ref, last);
        const [head, read, all] = await Promise.all([
          log.head(),
          everything(log.read(ref, last.position - 1)),
          scanned({ after: last.position - 1 }),
        ]);
        expect(head).toBeGreaterThanOrEqual(last.position);
        expect(read).toEqual([last]);
        expect(all).toEqual([last]);
      }
    });

    test('a process that starts anew finds everything, and goes on behind it', async () => {
      const ref = freshRef();
      const stored = await appendMany(log, ref, 5);
      const head = await log.head();
      const everyone = await scanned({ after: 0 });
      log = await under.reopen();
      expect(await log.head()).toBe(head);
      expect(await everything(log.read(ref))).toEqual(stored);
      expect(await scanned({ after: 0 })).toEqual(everyone);
      const next = await appendBehind(log, ref, stored.at(-1));
      expect(next.position).toBeGreaterThan(head);
      const again = stored.at(-1);
      if (again === undefined) throw new Error('five were stored');
      const expected = stored.at(-2)?.position ?? 0;
      expect(positionOf(await log.append({ ...ref, commit: again.commit, expected }))).toBe(again.position);
    });
  });
};

const appendBehind = async (log: EventLog, ref: SessionRef, last: Stored | undefined): Promise<Stored> => {
  const commit = commitOf(ref, ['next'], last?.commit);
  const position = positionOf(await log.append({ ...ref, commit, expected: last?.position ?? 0 }));
  return { tenant: ref.tenant, position, commit };
};

export const follow = async (log: EventLog, scan: Scan, into: Stored[]): Promise<void> => {
  for await (const batch of log.scan(scan)) into.push(...batch);
};

export const seenAtLeast = async (seen: readonly Stored[], count: number, withinMs = 20_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (seen.length < count) {
    if (performance.now() > deadline) throw new Error(`${seen.length} of ${count} commits were seen`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
