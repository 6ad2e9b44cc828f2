import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import type { Command } from '../events/commands.ts';
import type { Stored } from '../events/commit.ts';
import { COMMIT_FACTS_MAX } from '../events/limits.ts';
import { SteeredLog } from '../properties/doubles/steered-log.ts';
import { VirtualWorld } from '../properties/doubles/virtual-world.ts';
import { alice, visitor } from '../properties/story.ts';
import { type Answer, MAILBOX_MAX } from './session-actor.ts';
import { statusOf } from './session-state.ts';
import { Supervisor } from './supervisor.ts';

const ref = { tenant: 't', session: 's' };
const open: Command = { type: 'OpenSession', visitor: { id: visitor.id } };
const say = (text: string): Command => ({ type: 'PostMessage', text });

let ids = 0;
let houses = 0;

const house = (log = new SteeredLog()) => {
  const world = new VirtualWorld(undefined, houses++);
  const supervisor = new Supervisor(log, world, { idleMs: 10_000, actorsMax: 100 });
  const ask = (command: Command, by = visitor, clientId = `id-${ids++}`): Promise<Answer> =>
    supervisor.ask(ref, { by, clientId, command });
  const stored = async (): Promise<Stored[]> => {
    const all: Stored[] = [];
    for await (const batch of log.inner.read(ref)) all.push(...batch);
    return all;
  };
  return { log, world, supervisor, ask, stored };
};

const seqOf = (answer: Answer): number | string => (isLeft(answer) ? answer.left._tag : answer.right.seq);

describe('a session actor', () => {
  it('opens a new session without reading first', async () => {
    const { ask, log } = house();
    expect(seqOf(await ask(open))).toBe(1);
    expect(log.reads).toBe(0);
  });

  it('opening a session that is there already reads it, and answers what is so', async () => {
    const log = new SteeredLog();
    await house(log).ask(open, visitor, 'first');
    const second = house(log);
    expect(seqOf(await second.ask(open, visitor, 'first'))).toBe(1);
    expect(seqOf(await second.ask(open, visitor, 'other'))).toBe('NotInThisState');
    expect(await second.stored()).toHaveLength(1);
  });

  it('answers what waits behind a refused opening from the log, not from a guess', async () => {
    const log = new SteeredLog();
    await house(log).ask(open);
    const { ask } = house(log);
    const [opened, said] = await Promise.all([ask(open, alice), ask(say('hello'))]);
    expect([seqOf(opened), seqOf(said)]).toEqual(['RoleMayNot', 2]);
  });

  it('asks the log before it refuses, while it may not hear of what others have written', async () => {
    const log = new SteeredLog();
    const [here, elsewhere] = [house(log), house(log)];
    await here.ask(open);
    await here.ask({ type: 'RequestHandoff' });
    await elsewhere.ask({ type: 'ClaimSession' }, alice);
    expect(seqOf(await here.ask(say('from memory'), alice))).toBe('NotTheAssignee');
    here.supervisor.following(false);
    expect(seqOf(await here.ask(say('from the log'), alice))).toBe(4);
    const { reads } = log;
    expect(seqOf(await here.ask(say('a second'), alice))).toBe(5);
    expect(log.reads).toBe(reads);
    expect(seqOf(await here.ask({ type: 'ClaimSession' }, alice))).toBe('AlreadyAssigned');
    here.supervisor.following(true);
  });

  it('has one append under way and stores what came meanwhile as one commit', async () => {
    const { ask, log, stored } = house();
    await ask(open);
    const release = log.hold();
    const answers = ['a', 'b', 'c', 'd'].map((text) => ask(say(text)));
    expect(log.appends).toHaveLength(2);
    release();
    expect((await Promise.all(answers)).map(seqOf)).toEqual([2, 3, 4, 5]);
    expect((await stored()).map(({ commit }) => commit.events.length)).toEqual([1, 1, 3]);
  });

  it('keeps a commit within its bound of facts', async () => {
    const { ask, log, stored } = house();
    await ask(open);
    const release = log.hold();
    const answers = Array.from({ length: COMMIT_FACTS_MAX + 5 }, (_, index) => ask(say(`${index}`)));
    release();
    await Promise.all(answers);
    expect((await stored()).map(({ commit }) => commit.events.length)).toEqual([1, 1, COMMIT_FACTS_MAX, 4]);
  });

  it('keeps refusals and repeated answers back until what they rest on is stored', async () => {
    const { ask, log } = house();
    await ask(open);
    const release = log.hold();
    const order: string[] = [];
    const all = [
      ask(say('x'), visitor, 'x').then(() => order.push('said')),
      ask({ type: 'CloseSession' }).then(() => order.push('closed')),
      ask(say('late')).then((answer) => order.push(`refused ${seqOf(answer)}`)),
      ask(say('x'), visitor, 'x').then((answer) => order.push(`again ${seqOf(answer)}`)),
    ];
    await Promise.resolve();
    expect(order).toEqual([]);
    release();
    await Promise.all(all);
    expect(order).toEqual(['said', 'closed', 'refused NotInThisState', 'again 2']);
  });

  it('says unavailable when the outcome is not known, and the same id finds it out', async () => {
    for (const fault of ['lost-ack', 'lost-append', 'failure'] as const) {
      const { ask, log, stored } = house();
      await ask(open);
      log.failAppends(fault);
      expect(seqOf(await ask(say('once'), visitor, 'x'))).toBe('Unavailable');
      expect(seqOf(await ask(say('once'), visitor, 'x'))).toBe(2);
      expect(await stored()).toHaveLength(2);
    }
  });

  it('reads again and decides anew when another process has written', async () => {
    const log = new SteeredLog();
    const [one, other] = [house(log), house(log)];
    await one.ask(open);
    await one.ask({ type: 'ClaimSession' }, alice);
    expect(seqOf(await other.ask(say('from elsewhere')))).toBe(3);
    expect(seqOf(await one.ask(say('from here')))).toBe(4);
    expect(seqOf(await other.ask({ type: 'ClaimSession' }, { role: 'agent', id: 'bob' }))).toBe('AlreadyAssigned');
  });

  it('tells its followers every commit once and in order, those of others included', async () => {
    const log = new SteeredLog();
    const [one, other] = [house(log), house(log)];
    await one.ask(open);
    const seen: number[] = [];
    one.supervisor.actor(ref).follow({ stored: ({ commit }) => seen.push(commit.seq) });
    await other.ask(say('from elsewhere'));
    await one.ask(say('from here'));
    log.failAppends('lost-ack');
    await one.ask(say('lost'));
    await one.ask(say('found'));
    expect(seen).toEqual([2, 3, 4, 5]);
  });

  it('answers everyone who waits when the log cannot be read, and tries again for the next', async () => {
    const log = new SteeredLog();
    await house(log).ask(open);
    const { ask, world } = house(log);
    log.failReads(1);
    expect((await Promise.all([ask(say('a')), ask(say('b'))])).map(seqOf)).toEqual(['Unavailable', 'Unavailable']);
    expect(world.troubles).toEqual(['a session could not be read']);
    expect(seqOf(await ask(say('c')))).toBe(2);
  });

  it('takes a command that is sent from within an answer once, behind those that wait', async () => {
    const { ask, supervisor, stored } = house();
    await ask(open);
    const texts = await new Promise<string[]>((resolve) => {
      const order: string[] = [];
      const submit = (text: string, by = visitor, then?: () => void): void =>
        supervisor.submit(ref, { by, clientId: text, command: say(text) }, () => {
          order.push(text);
          then?.();
          if (order.length === 3) resolve(order);
        });
      submit('refused', alice, () => submit('from within'));
      submit('behind');
    });
    expect(texts.toSorted()).toEqual(['behind', 'from within', 'refused']);
    expect((await stored()).flatMap(({ commit }) => commit.events)).toHaveLength(3);
  });

  it('refuses what its mailbox cannot hold', async () => {
    const { ask, log } = house();
    await ask(open);
    const release = log.hold();
    const answers = Array.from({ length: MAILBOX_MAX + 2 }, (_, index) => ask(say(`${index}`)));
    release();
    const tags = (await Promise.all(answers)).map(seqOf);
    expect(tags.filter((tag) => tag === 'Unavailable')).toHaveLength(1);
  });

  it('never lets a commit be earlier than the one before, though the clock is set back', async () => {
    const { ask, world, stored } = house();
    await ask(open);
    world.set(world.now() - 3_600_000);
    await ask(say('yesterday'));
    const [first, second] = await stored();
    expect(second?.commit.at).toBe(first?.commit.at);
  });
});

describe('the supervisor', () => {
  it('forgets a session that rests, and wakes it as it was', async () => {
    const { ask, supervisor, world } = house();
    await ask(open);
    await ask({ type: 'ClaimSession' }, alice);
    world.pass(11_000);
    expect(supervisor.size).toBe(0);
    const state = await supervisor.state(ref);
    expect(!isLeft(state) && [statusOf(state.right), state.right.seq]).toEqual(['assigned', 2]);
  });

  it('keeps a session that somebody follows', async () => {
    const { ask, supervisor, world } = house();
    await ask(open);
    const follower = { stored: () => undefined };
    supervisor.actor(ref).follow(follower);
    world.pass(60_000);
    expect(supervisor.size).toBe(1);
    supervisor.actor(ref).unfollow(follower);
    world.pass(60_000);
    expect(supervisor.size).toBe(0);
  });

  it('keeps nothing of sessions that are not there', async () => {
    const { supervisor } = house();
    for (let index = 0; index < 50; index++) await supervisor.state({ tenant: 't', session: `none-${index}` });
    expect(supervisor.size).toBe(0);
  });
});
