import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deadlines } from '../events/deadlines.ts';
import type { SessionRef } from '../events/names.ts';
import { shardOf } from '../events/shard.ts';
import { DeadlineHouse, factsIn, typesIn } from '../properties/doubles/deadline-house.ts';
import { MemoryViewStore } from '../properties/doubles/memory-view-store.ts';
import { SteeredLog } from '../properties/doubles/steered-log.ts';
import { alice, assistant, visitor } from '../properties/story.ts';
import { GRACE_MS, LOOK_EVERY_MS } from './deadline-keeper.ts';
import type { SessionState } from './session-state.ts';

const SHARDS = 4;
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const deadlines: Deadlines = { assistantReplyMs: 10 * SECOND, firstResponseMs: 60 * SECOND, idleCloseMs: HOUR };

const ref: SessionRef = { tenant: 't', session: 's' };
const question = { type: 'PostMessage', text: 'where is my order?' } as const;
const HANDED_OFF = ['SessionOpened', 'MessagePosted', 'DeadlinePassed', 'HandoffRequested'];

let log: SteeredLog;
let views: MemoryViewStore;
let running: DeadlineHouse[];

const house = (nowMs?: number, projects = true): DeadlineHouse => {
  const made = new DeadlineHouse({ log, views }, nowMs, projects);
  running.push(made);
  return made;
};

beforeEach(() => {
  log = new SteeredLog(SHARDS);
  views = new MemoryViewStore(SHARDS);
  running = [];
});
afterEach(() => Promise.all(running.map((each) => each.end())));

const asked = async (kefu: DeadlineHouse): Promise<void> => {
  await kefu.open(ref, deadlines);
  await kefu.ask(ref, visitor, question);
};

describe('the keeper of deadlines', () => {
  it('has a question that nobody answers handed to people when its time has passed, once', async () => {
    const kefu = house();
    await asked(kefu);
    await kefu.pass(9 * SECOND);
    expect(await typesIn(log, ref)).toEqual(['SessionOpened', 'MessagePosted']);
    await kefu.pass(2 * SECOND);
    expect(await typesIn(log, ref)).toEqual(HANDED_OFF);
    await kefu.pass(30 * SECOND);
    expect(await typesIn(log, ref)).toEqual(HANDED_OFF);
  });

  it('leaves a question alone that is answered in time', async () => {
    const kefu = house();
    await asked(kefu);
    await kefu.pass(9 * SECOND);
    await kefu.ask(ref, assistant, { type: 'Answer', basedOn: 2, text: 'on its way' });
    await kefu.pass(60 * SECOND);
    expect(await typesIn(log, ref)).toEqual(['SessionOpened', 'MessagePosted', 'AssistantDecided', 'MessagePosted']);
  });

  it('marks a visitor in the queue as overdue, until somebody comes', async () => {
    const kefu = house();
    await kefu.open(ref, deadlines);
    await kefu.ask(ref, visitor, { type: 'RequestHandoff' });
    await kefu.pass(200 * SECOND);
    expect(await typesIn(log, ref)).toEqual(['SessionOpened', 'HandoffRequested', 'DeadlinePassed']);
    const row = async () => (await views.rows(shardOf(ref.session, SHARDS), [ref]))[0];
    expect((await row())?.pace?.overdue).toBe(true);
    await kefu.ask(ref, alice, { type: 'ClaimSession' });
    await kefu.caughtUp();
    expect((await row())?.pace?.overdue).toBeUndefined();
  });

  it('closes a silent session that has long left the memory', async () => {
    const kefu = house();
    await kefu.open(ref, deadlines);
    await kefu.ask(ref, alice, { type: 'ClaimSession' });
    await kefu.pass(100 * SECOND);
    expect(kefu.supervisor.size).toBe(0);
    // Late by no more than a sixteenth of the hour.
    await kefu.pass(HOUR - 101 * SECOND, 10 * SECOND);
    expect(await typesIn(log, ref)).toEqual(['SessionOpened', 'SessionAssigned']);
    await kefu.pass(HOUR / 16 + SECOND);
    expect(await typesIn(log, ref)).toEqual(['SessionOpened', 'SessionAssigned', 'DeadlinePassed', 'SessionClosed']);
  });

  it('goes on where a process ended that had a deadline to keep', async () => {
    const first = house();
    await asked(first);
    await first.pass(5 * SECOND);
    await first.end();
    const second = house(first.world.now() + 60 * SECOND);
    await second.pass(GRACE_MS + 2 * SECOND);
    expect(await typesIn(log, ref)).toEqual(HANDED_OFF);
  });

  it('leaves a question that is found late to the assistant first', async () => {
    const first = house();
    await asked(first);
    await first.caughtUp();
    await first.end();
    const second = house(first.world.now() + 60 * SECOND);
    second.supervisor.observe({
      activated: (found: SessionRef, _state: SessionState) => {
        second.world.after(3 * SECOND, () => {
          void second.ask(found, assistant, { type: 'Answer', basedOn: 2, text: 'sorry for the wait' });
        });
      },
    });
    await second.pass(60 * SECOND);
    expect(await typesIn(log, ref)).toEqual(['SessionOpened', 'MessagePosted', 'AssistantDecided', 'MessagePosted']);
  });

  it('keeps deadlines though all views were lost', async () => {
    const kefu = house();
    await asked(kefu);
    await kefu.pass(5 * SECOND);
    await views.clear([0, 1, 2, 3]);
    // The first look finds the loss, and what is due is found again as soon as the views are there.
    await kefu.pass(7 * SECOND);
    expect(await typesIn(log, ref)).toEqual(HANDED_OFF);
  });

  it('is obeyed once though two processes ask at once', async () => {
    const one = house();
    const other = house(one.world.now(), false);
    const refs = Array.from({ length: 20 }, (_, index) => ({ tenant: 't', session: `s${index}` }));
    for (const each of refs) {
      await one.open(each, deadlines);
      await one.ask(each, visitor, question);
      // Both have it in memory, as it was before.
      await other.supervisor.state(each);
    }
    for (let second = 0; second < 20; second++) {
      one.world.pass(SECOND);
      other.world.pass(SECOND);
      await one.caughtUp();
      await Promise.all([one.keeper.look(), other.keeper.look()]);
    }
    for (const each of refs) expect(await typesIn(log, each)).toEqual(HANDED_OFF);
  });

  it('is not early when the clock is set back, and in time again when it is right', async () => {
    const kefu = house();
    await asked(kefu);
    kefu.world.set(kefu.world.now() - HOUR);
    await kefu.pass(30 * SECOND);
    expect(await typesIn(log, ref)).toHaveLength(2);
    kefu.world.set(kefu.world.now() + HOUR);
    await kefu.look();
    expect(await typesIn(log, ref)).toEqual(HANDED_OFF);
  });

  it('goes by the clock when it is set ahead, and does nothing twice when it is set right', async () => {
    const kefu = house();
    await asked(kefu);
    kefu.world.set(kefu.world.now() + 30 * SECOND);
    await kefu.look();
    kefu.world.set(kefu.world.now() - 30 * SECOND);
    await kefu.pass(50 * SECOND);
    expect(await typesIn(log, ref)).toEqual(HANDED_OFF);
    const early = (await factsIn(log, ref)).filter(({ at, fact }) => fact.type === 'DeadlinePassed' && at < fact.dueAt);
    expect(early).toEqual([]);
  });

  it('does nothing twice when it was never told that it was done', async () => {
    for (const fault of ['lost-ack', 'lost-append', 'failure'] as const) {
      log = new SteeredLog(SHARDS);
      views = new MemoryViewStore(SHARDS);
      const kefu = house();
      await asked(kefu);
      kefu.world.pass(11 * SECOND);
      log.failAppends(fault);
      await kefu.pass(GRACE_MS + 3 * SECOND);
      expect(await typesIn(log, ref)).toEqual(HANDED_OFF);
    }
  });

  it('is not held up by a session that cannot be read', async () => {
    const first = house();
    const other = { tenant: 't', session: 'other' };
    for (const each of [ref, other]) {
      await first.open(each, deadlines);
      await first.ask(each, visitor, { type: 'RequestHandoff' });
    }
    await first.caughtUp();
    await first.end();
    const second = house(first.world.now() + HOUR);
    log.failReads(1);
    await second.look();
    const overdue = async (): Promise<number> =>
      (await Promise.all([ref, other].map((each) => typesIn(log.inner, each)))).filter((types) =>
        types.includes('DeadlinePassed'),
      ).length;
    expect(await overdue()).toBe(1);
    await second.look();
    expect(await overdue()).toBe(2);
  });

  it('deals with more sessions than it reads at once, also with many of one moment', async () => {
    const kefu = house();
    const refs = Array.from({ length: 620 }, (_, index) => ({ tenant: `t${index % 3}`, session: `s${index}` }));
    for (const [index, each] of refs.entries()) {
      if (index >= 520) kefu.world.pass(1);
      await kefu.open(each, deadlines);
      await kefu.ask(each, visitor, { type: 'RequestHandoff' });
    }
    const overdue = async (): Promise<number> => {
      const rows = await Promise.all([0, 1, 2, 3].map((shard) => views.rows(shard, refs)));
      return rows.flat().filter((row) => row?.pace?.overdue === true).length;
    };
    kefu.world.pass(61 * SECOND);
    await kefu.look();
    expect(await overdue()).toBeGreaterThanOrEqual(600);
    await kefu.look();
    expect(await overdue()).toBe(620);
  });

  it('leaves alone what another process serves', async () => {
    const kefu = house();
    await asked(kefu);
    kefu.owned = new Set();
    await kefu.pass(30 * SECOND);
    expect(await typesIn(log, ref)).toHaveLength(2);
    kefu.owned = new Set([shardOf(ref.session, SHARDS)]);
    await kefu.look();
    expect(await typesIn(log, ref)).toEqual(HANDED_OFF);
  });

  it('looks by itself, goes on after views that could not be asked, and stops when told', async () => {
    const kefu = house();
    await asked(kefu);
    await kefu.caughtUp();
    const due = views.due.bind(views);
    views.due = () => Promise.reject(new Error('the views are away'));
    kefu.keeper.start();
    const turns = async (count: number, ms: number): Promise<void> => {
      for (let turn = 0; turn < count; turn++) {
        kefu.world.pass(ms);
        for (let each = 0; each < 20; each++) await new Promise(setImmediate);
      }
    };
    await turns(12, LOOK_EVERY_MS);
    expect(kefu.world.troubles).toContain('what is due cannot be looked up');
    expect(kefu.world.troubles.length).toBeLessThan(4);
    views.due = due;
    await turns(6, LOOK_EVERY_MS);
    expect(await typesIn(log, ref)).toEqual(HANDED_OFF);
    await kefu.keeper.stop();
    await turns(100, LOOK_EVERY_MS);
    expect(await typesIn(log, ref)).toEqual(HANDED_OFF);
  });
});
