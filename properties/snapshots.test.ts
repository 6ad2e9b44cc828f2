/** A snapshot is never more than a shorter way to the same place. */
import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../actors/session-actor.ts';
import { SessionPast } from '../actors/session-past.ts';
import { contextOf, statusOf } from '../actors/session-state.ts';
import { decodeSnapshot, encodeSnapshot } from '../actors/snapshot.ts';
import { Supervisor } from '../actors/supervisor.ts';
import type { Command } from '../events/commands.ts';
import type { Commit, Stored } from '../events/commit.ts';
import { decodeCommit } from '../events/commit.ts';
import { encodeCommit } from '../events/encoding/commit.ts';
import type { EventLog } from '../events/event-log.ts';
import type { SessionRef } from '../events/names.ts';
import { freshRef } from './arbitraries/commits.ts';
import { history } from './arbitraries/histories.ts';
import type { LogUnderTest } from './conformance/event-log.ts';
import { logInLmdb, logInNats } from './doubles/stored-logs.ts';
import { type StoredSnapshots, snapshotsInLmdb, snapshotsInRedis } from './doubles/stored-snapshots.ts';
import { VirtualWorld } from './doubles/virtual-world.ts';
import { opened, said, visitor } from './story.ts';

/** Everything that an actor decides by, and everything it shows. */
const inFull = (past: SessionPast) => ({
  seq: past.state.seq,
  at: past.state.at,
  chart: past.state.chart,
  receipts: past.receipts.memory,
  position: past.position,
  marks: past.index.marks,
});

const replayed = (commits: readonly Stored[]): SessionPast => {
  const past = new SessionPast();
  for (const stored of commits) past.take(stored);
  return past;
};

/** From what is stored of a snapshot behind so many commits, and then the rest. */
const resumed = (commits: readonly Stored[], behind: number): SessionPast => {
  const snapshot = decodeSnapshot(encodeSnapshot(replayed(commits.slice(0, behind)).snapshot()));
  if (isLeft(snapshot)) throw new Error(JSON.stringify(snapshot.left));
  const past = new SessionPast();
  const newest = commits[behind - 1];
  expect(newest !== undefined && past.restore(snapshot.right, newest)).toBe(true);
  for (const stored of commits.slice(behind)) past.take(stored);
  return past;
};

/** One session's commits, as a log gives them back. */
const sessionsOf = (commits: readonly Stored[]): readonly (readonly Stored[])[] => {
  const sessions = new Map<string, Stored[]>();
  for (const stored of commits) {
    const key = `${stored.tenant}/${stored.commit.session}`;
    const commit = decodeCommit(encodeCommit(stored.commit).toString());
    if (isLeft(commit)) throw new Error('a commit that was stored cannot be read');
    const known = sessions.get(key) ?? [];
    sessions.set(key, known);
    known.push({ ...stored, commit: commit.right });
  }
  return [...sessions.values()];
};

/** A session that its visitor fills with messages; so many facts a commit. */
const talk = (sizes: readonly number[], prefix = 'c'): readonly Stored[] => {
  const stored: Stored[] = [];
  let seq = 1;
  for (const [index, size] of [1, ...sizes].entries()) {
    const facts = Array.from({ length: size }, (_, each) => said(visitor, 'hello', `n${seq + each}`));
    const [first = opened, ...rest] = index === 0 ? [opened] : facts;
    const commit: Commit = {
      v: 1,
      session: 's',
      seq,
      commit: `${prefix}${index}`,
      at: index,
      events: [first, ...rest],
    };
    stored.push({ tenant: 't', position: index + 1, commit });
    seq += size;
  }
  return stored;
};

describe('a snapshot and what came after it', () => {
  test('from any snapshot of any history come the state and the receipts of a full replay', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(history(80), fc.nat(), (commits, some) => {
        for (const session of sessionsOf(commits)) {
          const behind = 1 + (some % session.length);
          const whole = replayed(session);
          const past = resumed(session, behind);
          expect(inFull(past)).toStrictEqual(inFull(whole));
          expect(past.recent).toEqual(whole.recent.slice(-past.recent.length));
          seen.add(statusOf(whole.state));
          if (contextOf(whole.state).pace !== undefined) seen.add('with deadlines');
        }
      }),
      { numRuns: 100 },
    );
    expect([...seen].toSorted()).toEqual(['assigned', 'assistant', 'closed', 'queued', 'with deadlines']);
  });

  test('also where answers have been forgotten and the session is long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 256 }), { minLength: 5, maxLength: 25 }),
        fc.nat(),
        (sizes, some) => {
          const commits = talk(sizes);
          expect(inFull(resumed(commits, 1 + (some % commits.length)))).toStrictEqual(inFull(replayed(commits)));
        },
      ),
      { numRuns: 12 },
    );
  });

  test('whatever single character of it is damaged, it is told from a whole one', () => {
    fc.assert(
      fc.property(history(20), fc.nat(), fc.string({ unit: 'grapheme', maxLength: 2 }), (commits, some, other) => {
        for (const session of sessionsOf(commits)) {
          const whole = encodeSnapshot(replayed(session).snapshot());
          const place = some % whole.length;
          const damaged = whole.slice(0, place) + other + whole.slice(place + 1);
          expect(isRight(decodeSnapshot(damaged))).toBe(damaged === whole);
          expect(isRight(decodeSnapshot(whole.slice(0, place)))).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('whatever else is found in its place is no snapshot', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (alien) => {
        expect(decodeSnapshot(alien)).toMatchObject({ left: { _tag: 'Damaged' } });
      }),
    );
  });
});

/** A log that counts what is read of it. */
const counted = (log: EventLog) => {
  const count = { commits: 0 };
  async function* read(ref: SessionRef, after?: number): AsyncGenerator<readonly Stored[]> {
    for await (const batch of log.read(ref, after)) {
      count.commits += batch.length;
      yield batch;
    }
  }
  const counting: EventLog = {
    shards: log.shards,
    append: (append) => log.append(append),
    read,
    scan: (scan) => log.scan(scan),
    head: () => log.head(),
  };
  return { log: counting, count };
};

describe.each([
  ['LMDB', logInLmdb, snapshotsInLmdb],
  ['NATS and Redis', logInNats, snapshotsInRedis],
] as const)('a session on %s', (_name, startLog, startSnapshots) => {
  const COMMITS = 300;
  let under: LogUnderTest;
  let snapshots: StoredSnapshots;
  beforeAll(async () => {
    [under, snapshots] = await Promise.all([startLog(), startSnapshots()]);
  });
  afterAll(() => Promise.all([under.close(), snapshots.close()]));

  /** A session of so many commits that has gone to rest. */
  const atRest = async (ref: SessionRef): Promise<void> => {
    const world = new VirtualWorld();
    const store = snapshots.open();
    const supervisor = new Supervisor(under.log, world, { idleMs: 1_000, actorsMax: 10 }, store);
    const ask = (clientId: string, command: Command): Promise<Answer> =>
      supervisor.ask(ref, { by: visitor, clientId, command });
    await ask('open', { type: 'OpenSession', visitor: { id: visitor.id } });
    for (let each = 1; each < COMMITS; each++) await ask(`m${each}`, { type: 'PostMessage', text: `${each}` });
    world.pass(2_500);
    await supervisor.stop();
    expect(await store.load(ref)).toBeDefined();
  };

  /** The state as a process that starts now finds it, and how many commits it has read for it. */
  const woken = async (ref: SessionRef): Promise<{ readonly state: unknown; readonly commits: number }> => {
    const { log, count } = counted(under.log);
    const supervisor = new Supervisor(log, new VirtualWorld(), { idleMs: 1_000, actorsMax: 10 }, snapshots.open());
    const state = await supervisor.state(ref);
    await supervisor.stop();
    if (isLeft(state)) throw new Error(state.left._tag);
    return { state: state.right, commits: count.commits };
  };

  test('is woken from its snapshot and the tail alone, and as it was; without a snapshot from everything', async () => {
    const ref = freshRef();
    await atRest(ref);
    const short = await woken(ref);
    expect(short.commits).toBe(1);
    const other = new Supervisor(under.log, new VirtualWorld(undefined, 2), { idleMs: 1_000, actorsMax: 10 });
    for (const clientId of ['a', 'b'])
      await other.ask(ref, { by: visitor, clientId, command: { type: 'PostMessage', text: 'later' } });
    await other.stop();
    const withTail = await woken(ref);
    expect(withTail.commits).toBe(3);
    await snapshots.lose();
    const whole = await woken(ref);
    expect(whole.commits).toBe(COMMITS + 2);
    expect(withTail.state).toEqual(whole.state);
  });
});
