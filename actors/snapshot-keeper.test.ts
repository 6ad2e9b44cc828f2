import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import type { Command } from '../events/commands.ts';
import { shardOf } from '../events/shard.ts';
import { MemorySnapshotStore } from '../properties/doubles/memory-snapshot-store.ts';
import { SteeredLog } from '../properties/doubles/steered-log.ts';
import { VirtualWorld } from '../properties/doubles/virtual-world.ts';
import { alice, visitor } from '../properties/story.ts';
import { attach } from './attach.ts';
import { type Answer, MAILBOX_MAX } from './session-actor.ts';
import { type SessionState, statusOf } from './session-state.ts';
import { decodeSnapshot, encodeSnapshot, type Snapshot } from './snapshot.ts';
import { LOAD_WITHIN_MS, SAVES_WAITING_MAX, SNAPSHOT_EVERY_FACTS, SNAPSHOT_FACTS_MIN } from './snapshot-keeper.ts';
import { Supervisor } from './supervisor.ts';

const ref = { tenant: 't', session: 's' };
const key = 't/s';
const open: Command = { type: 'OpenSession', visitor: { id: visitor.id } };
const say = (text: string): Command => ({ type: 'PostMessage', text });
const IDLE_MS = 10_000;

let ids = 0;
let houses = 0;

/** A process on a log and a store of snapshots. */
const house = (log = new SteeredLog(), store = new MemorySnapshotStore()) => {
  const world = new VirtualWorld(undefined, houses++);
  const supervisor = new Supervisor(log, world, { idleMs: IDLE_MS, actorsMax: 10_000 }, store);
  const ask = (command: Command, by = visitor, clientId = `id-${ids++}`, session = ref): Promise<Answer> =>
    supervisor.ask(session, { by, clientId, command });
  /** Opens a session and fills it up to so many facts. */
  const talk = async (facts: number, session = ref): Promise<void> => {
    await ask(open, visitor, 'open', session);
    for (let each = 1; each < facts; each += MAILBOX_MAX) {
      const some = Array.from({ length: Math.min(MAILBOX_MAX, facts - each) }, (_, more) => each + more);
      await Promise.all(some.map((one) => ask(say(`${one}`), visitor, `m${one}`, session)));
    }
  };
  /** Lets everything be forgotten, and written if it is worth it. */
  const rest = async (): Promise<void> => {
    for (let round = 0; round < 4; round++) {
      world.pass(IDLE_MS / 2 + 1_000);
      await turn();
    }
  };
  const state = async (): Promise<SessionState> => {
    const answer = await supervisor.state(ref);
    if (isLeft(answer)) throw new Error(answer.left._tag);
    return answer.right;
  };
  return { log, store, world, supervisor, ask, talk, rest, state };
};

const turn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 1));

const savedIn = (store: MemorySnapshotStore): Snapshot => {
  const snapshot = decodeSnapshot(store.saved.get(key) ?? '');
  if (isLeft(snapshot)) throw new Error(snapshot.left._tag);
  return snapshot.right;
};

/** What a process without snapshots makes of the log. */
const replayed = (log: SteeredLog): Promise<SessionState> => house(log, new MemorySnapshotStore()).state();

describe('a session that goes to rest', () => {
  it('is saved when it has facts worth it, and next time only what came later is read', async () => {
    const { log, store, talk, rest, supervisor } = house();
    await talk(200);
    await rest();
    expect(supervisor.size).toBe(0);
    expect(savedIn(store).seq).toBe(200);
    const other = house(log, store);
    await other.ask({ type: 'ClaimSession' }, alice);
    await other.ask({ type: 'AddNote', text: 'vip' }, alice);

    const again = house(log, store);
    log.commitsRead = 0;
    const state = await again.state();
    expect(log.commitsRead).toBe(3);
    expect(state).toEqual(await replayed(log));
    expect([statusOf(state), state.seq]).toEqual(['assigned', 202]);
  });

  it('is not saved for a few facts, nor again for a few more', async () => {
    const { store, talk, rest, ask } = house();
    await talk(SNAPSHOT_FACTS_MIN - 1);
    await rest();
    expect(store.saves).toBe(0);
    await ask(say('one more'));
    await rest();
    expect(store.saves).toBe(1);
    for (let each = 1; each < SNAPSHOT_FACTS_MIN; each++) await ask(say('more'));
    await rest();
    expect(store.saves).toBe(1);
  });

  it('still knows its visitors’ retries, the answered and the forgotten ones', async () => {
    const { log, store, talk, rest } = house();
    await talk(1_500);
    await rest();
    const { ask } = house(log, store);
    expect(await ask(say('1400'), visitor, 'm1400')).toMatchObject({ right: { seq: 1_401, repeated: true } });
    expect(await ask(say('other words'), visitor, 'm1400')).toMatchObject({ left: { _tag: 'IdReused' } });
    expect(await ask(say('3'), visitor, 'm3')).toMatchObject({ left: { _tag: 'IdTooOld' } });
    expect(await ask(say('new'), visitor, 'new')).toMatchObject({ right: { seq: 1_501, repeated: false } });
  });

  it('stays for its turn while too many are being written, and never keeps more in memory than that', async () => {
    const { store, talk, world, supervisor } = house();
    const sessions = Array.from({ length: SAVES_WAITING_MAX + 40 }, (_, each) => ({
      tenant: 't',
      session: `s${each}`,
    }));
    for (const session of sessions) await talk(SNAPSHOT_FACTS_MIN, session);
    store.mode = 'is silent';
    world.pass(IDLE_MS + 1_000);
    await turn();
    expect(supervisor.size).toBeGreaterThan(0);
    expect(supervisor.size).toBeLessThanOrEqual(40);
  });
});

describe('a session that lives', () => {
  it('is saved every so many facts, after they are answered', async () => {
    const { store, talk, world, ask, log } = house();
    await talk(SNAPSHOT_EVERY_FACTS + 500);
    expect(store.saves).toBe(0);
    world.pass(1);
    await turn();
    expect(savedIn(store).seq).toBe(SNAPSHOT_EVERY_FACTS + 500);
    await ask(say('more'));
    world.pass(1);
    await turn();
    expect(store.saves).toBe(1);
    const again = house(log, store);
    log.commitsRead = 0;
    expect((await again.state()).seq).toBe(SNAPSHOT_EVERY_FACTS + 501);
    expect(log.commitsRead).toBe(2);
  });

  it('that was long when it was read without one, gets one', async () => {
    const { log, talk } = house();
    await talk(SNAPSHOT_EVERY_FACTS);
    const { state, store, world } = house(log);
    await state();
    world.pass(1);
    await turn();
    expect(savedIn(store).seq).toBe(SNAPSHOT_EVERY_FACTS);
  });
});

describe('a joiner', () => {
  const joined = async ({ supervisor, log }: ReturnType<typeof house>, after: number): Promise<readonly number[]> => {
    const seqs: number[] = [];
    const attached = await attach(supervisor, log, ref, visitor, after, {
      take: (commits, afterSeq) => {
        for (const { commit } of commits)
          for (let seq = Math.max(commit.seq, afterSeq + 1); seq < commit.seq + commit.events.length; seq++)
            seqs.push(seq);
      },
      writable: () => Promise.resolve(),
      lost: () => seqs.push(Number.NaN),
    });
    if (isLeft(attached)) throw new Error(attached.left._tag);
    attached.right.start();
    await turn();
    attached.right.stop();
    return seqs;
  };
  const from = (first: number, last: number): readonly number[] =>
    Array.from({ length: last - first + 1 }, (_, each) => first + each);

  it('of a session that was woken from a snapshot gets everything asked for', async () => {
    const { log, store, ask, rest } = house();
    await ask(open);
    for (let each = 0; each < 999; each++) await ask(say(`${each}`));
    await rest();
    const again = house(log, store);
    for (let each = 0; each < 5; each++) await again.ask(say(`later ${each}`));
    for (const after of [0, 1, 255, 256, 257, 900, 998, 999, 1_000, 1_003, 1_004, 1_005])
      expect(await joined(again, after)).toEqual(after > 1_005 ? [] : from(after + 1, 1_005));
  });

  it('near the head does not read from the beginning', async () => {
    const { log, store, ask, rest } = house();
    await ask(open);
    for (let each = 0; each < 999; each++) await ask(say(`${each}`));
    await rest();
    const again = house(log, store);
    await again.state();
    log.commitsRead = 0;
    expect(await joined(again, 990)).toEqual(from(991, 1_000));
    expect(log.commitsRead).toBeLessThan(256);
    log.commitsRead = 0;
    expect(await again.supervisor.startOf(ref, 600)).toBe(512);
    expect(await house(log, store).supervisor.startOf(ref, 600)).toBe(512);
    expect(log.commitsRead).toBe(0);
  });
});

describe('a snapshot that cannot be used', () => {
  /** A store whose snapshot is changed, on the log it was taken from. */
  const changed = async (change: (snapshot: Snapshot) => string): Promise<ReturnType<typeof house>> => {
    const { log, store, talk, rest } = house();
    await talk(100);
    await rest();
    store.saved.set(key, change(savedIn(store)));
    return house(log, store);
  };
  /** Nothing that is true of the session. */
  const lies = { value: 'closed', context: { assignee: 'nobody' } } as unknown as Snapshot['chart'];

  it('is discarded without a word when another version of the machine has taken it', async () => {
    const { state, log, store, rest, world } = await changed((snapshot) =>
      encodeSnapshot({ ...snapshot, machine: '1-before', chart: lies }),
    );
    expect(await state()).toEqual(await replayed(log));
    await rest();
    expect(savedIn(store).chart.value).toBe('assistant');
    expect(world.troubles).toEqual([]);
  });

  it('is discarded and reported when it is damaged or alien', async () => {
    for (const alien of ['', '{}', 'kefu', '1 {"seq":']) {
      const { state, log, world } = await changed(() => alien);
      expect(await state()).toEqual(await replayed(log));
      expect(world.troubles).toEqual(['a snapshot is of no use; the log is read instead']);
    }
    const { state, world } = await changed((snapshot) => encodeSnapshot({ ...snapshot, chart: lies }));
    expect((await state()).seq).toBe(100);
    expect(world.troubles).toHaveLength(1);
  });

  it('is discarded and replaced when the log was set back behind it', async () => {
    const { store, talk, rest } = house();
    await talk(100);
    await rest();
    const restored = house(new SteeredLog(), store);
    await house(restored.log, new MemorySnapshotStore()).talk(10);
    expect((await restored.state()).seq).toBe(10);
    expect(await restored.state()).toEqual(await replayed(restored.log));
    expect(restored.world.troubles).toEqual(['a snapshot is of no use; the log is read instead']);
    restored.world.pass(1);
    await turn();
    expect(savedIn(store).seq).toBe(10);
  });

  it('is discarded when the log was set back and has grown again to the very same place', async () => {
    const { log, store, talk, rest } = house();
    await talk(100);
    await rest();
    const before = savedIn(store);
    const restored = house(new SteeredLog(), store);
    await house(restored.log, new MemorySnapshotStore()).talk(100);
    expect(await restored.log.head()).toBe(await log.head());
    await restored.ask(say('again'), visitor, 'again');
    expect(await restored.state()).toEqual(await replayed(restored.log));
    restored.world.pass(1);
    await turn();
    const after = savedIn(store);
    expect([after.position, after.commit === before.commit]).toEqual([before.position + 1, false]);
  });
});

describe('a store that', () => {
  it('fails is reported now and then, and nobody waits or hears of it', async () => {
    const { log, store, talk, rest, world, supervisor } = house();
    store.mode = 'fails';
    for (const session of ['s', 's1', 's2', 's3']) await talk(100, { tenant: 't', session });
    await rest();
    expect(supervisor.size).toBe(0);
    expect(world.troubles).toEqual(['a snapshot could not be saved']);
    const other = house(log, store);
    expect(await other.ask(say('hello'))).toMatchObject({ right: { seq: 101 } });
    expect(other.world.troubles).toEqual(['a snapshot could not be loaded; the log is read instead']);
    store.mode = 'works';
    expect((await house(log, store).state()).seq).toBe(101);
  });

  it('is silent delays a waking by a bounded time', async () => {
    const { log, talk } = house();
    await talk(100);
    const { store, ask, world } = house(log);
    store.mode = 'is silent';
    const answer = ask(say('hello'));
    await turn();
    world.pass(LOAD_WITHIN_MS);
    expect(await answer).toMatchObject({ right: { seq: 101 } });
    expect(world.troubles).toEqual(['a snapshot could not be loaded; the log is read instead']);
  });

  it('works while the log does not, helps when it does again', async () => {
    const { log, store, talk, rest } = house();
    await talk(100);
    await rest();
    const { ask, state } = house(log, store);
    log.failReads(1);
    expect(await ask(say('hello'))).toMatchObject({ left: { _tag: 'Unavailable' } });
    log.commitsRead = 0;
    expect((await state()).seq).toBe(100);
    expect(log.commitsRead).toBe(1);
  });

  it('is waited for when the process ends, which saves what is worth it', async () => {
    const { store, talk, supervisor, world } = house();
    for (const session of ['s', 's1', 's2', 's3']) await talk(100, { tenant: 't', session });
    await talk(SNAPSHOT_FACTS_MIN - 1, { tenant: 't', session: 'short' });
    world.pass(IDLE_MS + 1_000);
    await talk(100, { tenant: 't', session: 's4' });
    await supervisor.stop();
    expect([...store.saved.keys()].toSorted()).toEqual(['t/s', 't/s1', 't/s2', 't/s3', 't/s4']);
    expect(savedIn(store).seq).toBe(100);
  });

  it('has lost everything gets the long sessions again, also those that others follow and that are quiet', async () => {
    const { log, store, talk, rest, supervisor, world } = house();
    await talk(SNAPSHOT_EVERY_FACTS + 1);
    await talk(100, { tenant: 't', session: 'short' });
    const reader = { take: () => undefined, writable: () => Promise.resolve(), lost: () => undefined };
    const attached = await attach(supervisor, log, ref, alice, 0, reader);
    if (isLeft(attached)) throw new Error(attached.left._tag);
    attached.right.start();
    await rest();
    expect([...store.saved.keys()].toSorted()).toEqual(['t/s', 't/short']);
    store.lose();
    world.pass(1_000);
    await turn();
    expect([...store.saved.keys()]).toEqual([key]);
    expect(savedIn(store).seq).toBe(SNAPSHOT_EVERY_FACTS + 1);
    const { saves } = store;
    await rest();
    expect(store.saves).toBe(saves);
  });

  it('has lost those of one shard gets these again when its process lets go of them', async () => {
    const { log, store, talk, supervisor, world } = house();
    const sessions = Array.from({ length: 64 }, (_, index) => `s${index}`);
    const shardIn = (session: string): number => shardOf(session, log.shards);
    const [one = ''] = sessions;
    const other = sessions.find((each) => shardIn(each) !== shardIn(one)) ?? '';
    for (const session of [one, other]) await talk(SNAPSHOT_EVERY_FACTS + 1, { tenant: 't', session });
    world.pass(1);
    await turn();
    store.saved.clear();
    supervisor.unsaved(new Set([shardIn(one)]));
    await supervisor.release(new Set([one, other].map(shardIn)), 0);
    await supervisor.stop();
    expect([...store.saved.keys()]).toEqual([`t/${one}`]);
  });

  it('has lost everything while a session rests gets it again when its process lets go of it', async () => {
    const { log, store, talk, supervisor, world } = house();
    await talk(SNAPSHOT_EVERY_FACTS);
    world.pass(1);
    await turn();
    expect(store.saved.size).toBe(1);
    store.lose();
    await supervisor.release(new Set([shardOf(ref.session, log.shards)]), 0);
    await supervisor.stop();
    expect(savedIn(store).seq).toBe(SNAPSHOT_EVERY_FACTS);
  });

  it('is silent when the process ends does not keep it', async () => {
    const { store, talk, supervisor, world } = house();
    await talk(100);
    store.mode = 'is silent';
    const stopped = supervisor.stop();
    world.pass(1_000);
    await stopped;
    expect(store.saves).toBe(0);
  });
});
