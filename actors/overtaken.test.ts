/** A session that somebody else has written, or of which nobody knows whether it is written. */
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import type { Command } from '../events/commands.ts';
import type { Stored } from '../events/commit.ts';
import type { Person } from '../events/facts.ts';
import { SteeredLog } from '../properties/doubles/steered-log.ts';
import { VirtualWorld } from '../properties/doubles/virtual-world.ts';
import { alice, visitor } from '../properties/story.ts';
import { attach, type Sink } from './attach.ts';
import type { Answer } from './session-actor.ts';
import { Supervisor } from './supervisor.ts';

const ref = { tenant: 't', session: 's' };
const open: Command = { type: 'OpenSession', visitor: { id: visitor.id } };
const say = (text: string): Command => ({ type: 'PostMessage', text });

let houses = 0;

/** A process on the log; several may stand on one. */
const house = (log: SteeredLog) => {
  const nth = houses++;
  const world = new VirtualWorld(undefined, nth);
  const supervisor = new Supervisor(log, world, { idleMs: 10_000, actorsMax: 100 });
  let asked = 0;
  const ask = (command: Command, by: Person = visitor, clientId = `${nth}-${asked++}`): Promise<Answer> =>
    supervisor.ask(ref, { by, clientId, command });
  const follow = async (after = 0): Promise<Reader> => {
    const reader = new Reader();
    const attached = await attach(supervisor, log, ref, alice, after, reader);
    if (isLeft(attached)) throw new Error(attached.left._tag);
    reader.recovered = attached.right.recovered;
    attached.right.start();
    return reader;
  };
  return { world, supervisor, ask, follow };
};

class Reader implements Sink {
  readonly seqs: number[] = [];
  recovered = false;

  take(commits: readonly Stored[], afterSeq: number): void {
    for (const { commit } of commits)
      commit.events.forEach((_, index) => {
        if (commit.seq + index > afterSeq) this.seqs.push(commit.seq + index);
      });
  }

  writable(): Promise<void> {
    return Promise.resolve();
  }

  lost(): void {
    this.recovered = false;
  }
}

const seqOf = (answer: Answer): number | string => (isLeft(answer) ? answer.left._tag : answer.right.seq);
/** Lets everything go on that can. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The newest commit that the log holds. */
const newest = async (log: SteeredLog): Promise<Stored> => {
  const all: Stored[] = [];
  for await (const batch of log.inner.read(ref)) all.push(...batch);
  const last = all.at(-1);
  if (last === undefined) throw new Error('there is a commit');
  return last;
};

describe('a commit of which nobody knows whether it is stored', () => {
  it('is settled before the next command is decided, so that what was refused cannot appear later', async () => {
    const log = new SteeredLog();
    const { ask } = house(log);
    await ask(open);
    const release = log.hold();
    const said = ask(say('wait'));
    const together = [ask({ type: 'ClaimSession' }, alice, 'claim'), ask(say('hello'), alice, 'hello')];
    const append = log.append.bind(log);
    let appends = 0;
    log.append = (each) => {
      appends += 1;
      if (appends === 1) log.failAppends('lost-append', 'lost-append');
      return append(each);
    };
    release();
    expect(seqOf(await said)).toBe(2);
    expect((await Promise.all(together)).map(seqOf)).toEqual(['Unavailable', 'Unavailable']);
    const late = log.appends.find(({ commit }) => commit.events.some(({ clientId }) => clientId === 'claim'));
    await turn();
    // Who asks again first is not refused for want of the claim that went out with it.
    expect(seqOf(await ask(say('hello'), alice, 'hello'))).toBe(4);
    expect(seqOf(await ask({ type: 'ClaimSession' }, alice, 'claim'))).toBe(3);
    expect(late?.commit).toEqual((await newest(log)).commit);
    expect((await newest(log)).commit.events).toHaveLength(2);
  });

  it('reaches those who follow, though nobody asks again', async () => {
    const log = new SteeredLog();
    const { ask, follow, world, supervisor } = house(log);
    await ask(open);
    const reader = await follow();
    log.failAppends('lost-append', 'failure', 'lost-ack');
    expect(seqOf(await ask(say('once')))).toBe('Unavailable');
    for (let second = 0; second < 5; second++) {
      world.pass(1_000);
      await turn();
    }
    expect(reader.seqs).toEqual([1, 2]);
    expect(world.troubles).toContain('an append failed');
    expect(supervisor.size).toBe(1);
  });

  it('keeps its actor in memory until it is settled', async () => {
    const log = new SteeredLog();
    const { ask, world, supervisor } = house(log);
    await ask(open);
    log.failAppends(...Array.from({ length: 30 }, () => 'lost-append' as const));
    await ask(say('once'));
    for (let second = 0; second < 20; second++) {
      world.pass(1_000);
      await turn();
    }
    expect(supervisor.size).toBe(1);
    for (let second = 0; second < 40; second++) {
      world.pass(1_000);
      await turn();
    }
    expect(supervisor.size).toBe(0);
    expect((await newest(log)).commit.seq).toBe(2);
  });
});

describe('a session that another process has written', () => {
  it('is read again as soon as the log is heard to go on, also when that was while an answer was awaited', async () => {
    const log = new SteeredLog();
    const [one, other] = [house(log), house(log)];
    await one.ask(open);
    const reader = await one.follow();
    await other.ask(say('from elsewhere'));
    one.supervisor.heard(await newest(log));
    await turn();
    expect(reader.seqs).toEqual([1, 2]);

    const stored = log.append.bind(log);
    let answer = (): void => undefined;
    // The next answer is late: its commit is in the log, and more is written behind it.
    log.append = async (append) => {
      const appended = await stored(append);
      log.append = stored;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return appended;
    };
    const said = one.ask(say('from here'));
    await turn();
    await other.ask(say('meanwhile'));
    one.supervisor.heard(await newest(log));
    answer();
    expect(seqOf(await said)).toBe(3);
    await turn();
    expect(reader.seqs).toEqual([1, 2, 3, 4]);
  });

  it('is read again for a joiner who has seen more', async () => {
    const log = new SteeredLog();
    const [one, other] = [house(log), house(log)];
    await one.ask(open);
    await other.ask(say('a'));
    await other.ask(say('b'));
    const reader = await one.follow(2);
    await turn();
    expect(reader.recovered).toBe(true);
    expect(reader.seqs).toEqual([3]);
  });

  it('gives a joiner who claims to have seen more than there is everything there is', async () => {
    const log = new SteeredLog();
    const { ask, follow } = house(log);
    const opened = await ask(open);
    expect(isRight(opened)).toBe(true);
    const reader = await follow(99);
    await turn();
    expect(reader.recovered).toBe(false);
    expect(reader.seqs).toEqual([1]);
  });
});
