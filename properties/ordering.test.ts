/** Whatever runs first: a session has one order, without a gap, and everyone who follows it sees that one. */
import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { type Attachment, attach } from '../actors/attach.ts';
import type { Answer } from '../actors/session-actor.ts';
import { Supervisor } from '../actors/supervisor.ts';
import type { Command } from '../events/commands.ts';
import type { Stored } from '../events/commit.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Fact, Person } from '../events/facts.ts';
import { chosen, sayWhere } from './chosen-seed.ts';
import { type Fault, SteeredLog } from './doubles/steered-log.ts';
import { VirtualWorld } from './doubles/virtual-world.ts';
import { visitor } from './story.ts';

console.log(sayWhere('ordering'));

const ref = { tenant: 't', session: 's' };
const TRIES_MAX = 50;

/** Every call takes its turn before it is made and before it is answered. */
const takingTurns = (scheduler: fc.Scheduler, log: EventLog): EventLog => {
  const turn = (what: string): Promise<void> => scheduler.schedule(Promise.resolve(), what);
  return {
    shards: log.shards,
    append: async (append) => {
      await turn('append');
      const appended = await log.append(append);
      await turn('appended');
      return appended;
    },
    read: async function* (of, after) {
      await turn('read');
      for await (const batch of log.read(of, after)) {
        yield batch;
        await turn('read on');
      }
    },
    scan: (scan) => log.scan(scan),
    head: () => log.head(),
  };
};

/** One process: what is asked of it, and who follows the session there. */
class House {
  readonly supervisor: Supervisor;
  readonly #log: EventLog;

  constructor(log: EventLog, worker: number) {
    this.#log = log;
    this.supervisor = new Supervisor(log, new VirtualWorld(undefined, worker), { idleMs: 60_000, actorsMax: 10 });
  }

  /** Asks until the answer is final, under one id. */
  async ask(command: Command, by: Person, clientId: string): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.supervisor.ask(ref, { by, clientId, command });
      if (isRight(answer) || answer.left._tag !== 'Unavailable' || attempt === TRIES_MAX) return answer;
    }
  }

  async follow(reader: Reader): Promise<void> {
    const attached = await attach(this.supervisor, this.#log, ref, visitor, reader.seq, reader);
    if (isRight(attached)) reader.begin(attached.right);
  }
}

/** Follows the session over one attachment after the other, and keeps what it is given. */
class Reader {
  readonly facts: Fact[] = [];
  readonly troubles: string[] = [];
  #attachment: Attachment | undefined;

  get seq(): number {
    return this.facts.length;
  }

  begin(attachment: Attachment): void {
    this.#attachment?.stop();
    this.#attachment = attachment;
    if (attachment.from !== this.seq + 1) this.troubles.push(`joined from ${attachment.from} behind ${this.seq}`);
    attachment.start();
  }

  leave(): void {
    this.#attachment?.stop();
  }

  take(commits: readonly Stored[], afterSeq: number): void {
    for (const { commit } of commits)
      commit.events.forEach((fact, index) => {
        const seq = commit.seq + index;
        if (seq <= afterSeq) return;
        if (seq === this.seq + 1) this.facts.push(fact);
        else this.troubles.push(`got ${seq} behind ${this.seq}`);
      });
  }

  writable(): Promise<void> {
    return Promise.resolve();
  }

  lost(why: string): void {
    this.troubles.push(why);
  }
}

const factsIn = async (log: EventLog): Promise<readonly Fact[]> => {
  const facts: Fact[] = [];
  let seq = 0;
  for await (const batch of log.read(ref))
    for (const { commit } of batch) {
      expect(commit.seq).toBe(seq + 1);
      seq += commit.events.length;
      facts.push(...commit.events);
    }
  return facts;
};

const stored = async (log: EventLog): Promise<readonly Stored[]> => {
  const all: Stored[] = [];
  for await (const batch of log.read(ref)) all.push(...batch);
  return all;
};

const open: Command = { type: 'OpenSession', visitor: { id: visitor.id } };
const textsOf = (facts: readonly Fact[]): readonly string[] =>
  facts.flatMap((fact) => (fact.type === 'MessagePosted' ? [fact.text] : []));

const faults: fc.Arbitrary<readonly Fault[]> = fc.array(fc.constantFrom<Fault>('lost-ack', 'lost-append', 'failure'), {
  maxLength: 4,
});

describe('one session under everything that can happen at once', () => {
  test('concurrent senders and repeated frames: each message once, in one order for all readers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(
          fc.record({ text: fc.string({ minLength: 1, maxLength: 3 }), times: fc.integer({ min: 1, max: 3 }) }),
          {
            minLength: 1,
            maxLength: 8,
          },
        ),
        faults,
        async (scheduler, messages, goingWrong) => {
          const steered = new SteeredLog();
          const house = new House(takingTurns(scheduler, steered), 1);
          const readers = [new Reader(), new Reader()];
          const play = async (): Promise<readonly Answer[]> => {
            await house.ask(open, visitor, 'open');
            steered.failAppends(...goingWrong);
            const answers = messages.flatMap(({ text, times }, index) =>
              Array.from({ length: times }, () => house.ask({ type: 'PostMessage', text }, visitor, `m${index}`)),
            );
            const following = readers.map((reader) => house.follow(reader));
            await Promise.all(following);
            return Promise.all(answers);
          };
          const answers = await scheduler.waitFor(play());
          await scheduler.waitIdle();
          const facts = await factsIn(steered.inner);
          expect(textsOf(facts).toSorted()).toEqual(messages.map(({ text }) => text).toSorted());
          // Repeated frames have one answer: the place of their message.
          let next = 0;
          for (const [index, { times }] of messages.entries())
            for (let time = 0; time < times; time++, next++) {
              const answer = answers[next];
              const place = facts.findIndex(({ clientId }) => clientId === `m${index}`) + 1;
              expect(answer !== undefined && isRight(answer) && answer.right.seq).toBe(place);
            }
          for (const reader of readers) {
            expect(reader.troubles).toEqual([]);
            expect(reader.facts).toEqual(facts);
          }
        },
      ),
      chosen(150),
    );
  });

  test('readers that leave and come back resume where they were, in the middle of everything', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.nat(9), { maxLength: 4 }),
        async (scheduler, count, leavings) => {
          const steered = new SteeredLog();
          const house = new House(takingTurns(scheduler, steered), 1);
          const reader = new Reader();
          const play = async (): Promise<void> => {
            await house.ask(open, visitor, 'open');
            await house.follow(reader);
            const answers: Promise<Answer>[] = [];
            const joins: Promise<void>[] = [];
            for (let index = 0; index < count; index++) {
              answers.push(house.ask({ type: 'PostMessage', text: `${index}` }, visitor, `m${index}`));
              await scheduler.schedule(Promise.resolve(), 'a moment');
              if (!leavings.includes(index)) continue;
              reader.leave();
              joins.push(house.follow(reader));
              // One socket at a time, as a client has it.
              await joins.at(-1);
            }
            await Promise.all(answers);
          };
          await scheduler.waitFor(play());
          await scheduler.waitIdle();
          expect(reader.troubles).toEqual([]);
          expect(reader.facts).toEqual(await factsIn(steered.inner));
        },
      ),
      chosen(150),
    );
  });

  test('two processes that both serve it write one history, and those who follow either see it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.record({ house: fc.nat(1), moves: fc.boolean() }), { minLength: 1, maxLength: 8 }),
        faults,
        async (scheduler, messages, goingWrong) => {
          const steered = new SteeredLog();
          const log = takingTurns(scheduler, steered);
          const houses = [new House(log, 1), new House(log, 2)] as const;
          const at = (index: number): House => houses[index === 0 ? 0 : 1];
          const readers = [new Reader(), new Reader()];
          const play = async (): Promise<void> => {
            await at(0).ask(open, visitor, 'open');
            await Promise.all(readers.map((reader, index) => at(index).follow(reader)));
            steered.failAppends(...goingWrong);
            await Promise.all(
              messages.flatMap(({ house, moves }, index) => {
                const say = (where: number): Promise<Answer> =>
                  at(where).ask({ type: 'PostMessage', text: `${index}` }, visitor, `m${index}`);
                // Who has no answer yet asks elsewhere, under the same id.
                return moves ? [say(house), say(1 - house)] : [say(house)];
              }),
            );
          };
          await scheduler.waitFor(play());
          await scheduler.waitIdle();
          // As the process learns that follows the log for its views.
          for (const commit of await stored(steered.inner))
            for (const { supervisor } of houses) supervisor.heard(commit);
          await scheduler.waitIdle();
          const facts = await factsIn(steered.inner);
          expect(textsOf(facts).toSorted()).toEqual(messages.map((_, index) => `${index}`).toSorted());
          for (const reader of readers) {
            expect(reader.troubles).toEqual([]);
            expect(reader.facts).toEqual(facts);
          }
        },
      ),
      chosen(150),
    );
  });
});
