/** What a reader answers from memory, and when it must not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Commit, lastSeq, type Stored } from '../events/commit.ts';
import { bytesOf } from '../events/encoding/utf8.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Fact } from '../events/facts.ts';
import { freshRef } from '../properties/arbitraries/commits.ts';
import { MemoryEventLog } from '../properties/doubles/memory-event-log.ts';
import { MemoryViewStore } from '../properties/doubles/memory-view-store.ts';
import { project } from '../properties/doubles/project.ts';
import { encodeMessage } from './encoded-message.ts';
import { encodePage, pageOf } from './message-page.ts';
import { Projector } from './projector.ts';
import { type Newest, Reader } from './reader.ts';
import { messagesOf } from './session-row.ts';
import type { MessageQuery } from './view-store.ts';

const by = { role: 'visitor', id: 'li' } as const;

/** Counts how often it is asked for messages. */
class CountedViews extends MemoryViewStore {
  looks = 0;

  override transcript(
    ...[ref, query]: Parameters<MemoryViewStore['transcript']>
  ): ReturnType<MemoryViewStore['transcript']> {
    this.looks += 1;
    return super.transcript(ref, query);
  }
}

/** A session in a log and in views, read in one process. */
class House {
  readonly ref = freshRef();
  readonly all: Stored[] = [];
  readonly views = new CountedViews(1);
  log = new MemoryEventLog(1);
  /** What the process that writes the session would say of it. */
  newest: Newest | undefined;
  readonly reader: Reader;

  constructor() {
    const log: EventLog = {
      shards: 1,
      append: (append) => this.log.append(append),
      read: (ref, after) => this.log.read(ref, after),
      scan: (scan) => this.log.scan(scan),
      head: () => this.log.head(),
    };
    const report = (): void => undefined;
    const projector = new Projector({ log, views: this.views, pause: () => Promise.resolve(), report });
    this.reader = new Reader({
      log,
      views: this.views,
      projector,
      newest: () => this.newest,
      acknowledged: () => 0,
      report,
    });
  }

  /** Stores facts in commits of these sizes, of which every `silent`-th is no message. */
  async say(sizes: readonly number[], silent = 3): Promise<void> {
    for (const size of sizes) {
      const before = this.all.at(-1);
      const seq = before === undefined ? 1 : lastSeq(before.commit) + 1;
      const facts = Array.from({ length: size }, (_, index) => factAt(seq + index, silent));
      const [first = factAt(seq, silent), ...rest] = facts;
      const commit: Commit = {
        v: 1,
        session: this.ref.session,
        seq,
        commit: `c${seq}`,
        at: seq,
        events: [first, ...rest],
      };
      const stored = await this.log.append({ ...this.ref, commit, expected: before?.position ?? 0 });
      if (stored._tag !== 'Stored') throw new Error('nobody else writes here');
      this.all.push({ tenant: this.ref.tenant, position: stored.position, commit });
    }
  }

  /** The views come up to so many commits. */
  async project(commits = this.all.length): Promise<void> {
    await project(this.views, [this.all.slice(0, commits)]);
  }

  own(): void {
    const newest = this.all.at(-1);
    this.newest = newest && { position: newest.position, recent: this.all.slice(-8) };
  }

  async read(query: MessageQuery): Promise<string | undefined> {
    const page = await this.reader.messages(this.ref, query);
    return page && bytesOf(encodePage(page)).toString();
  }

  /** The page of all that is stored. */
  whole(query: MessageQuery): string {
    const messages = this.all.flatMap(({ commit }) => messagesOf(commit)).map(encodeMessage);
    return bytesOf(encodePage(pageOf({ visitor: 'li', seq: 0 }, messages, query))).toString();
  }
}

const factAt = (seq: number, silent: number): Fact => {
  if (seq === 1) return { type: 'SessionOpened', visitor: { id: 'li' }, by, clientId: 'c1' };
  if (seq % silent === 0) return { type: 'NoteAdded', text: 'n', by, clientId: `c${seq}` };
  return { type: 'MessagePosted', messageId: `m${seq}`, author: by, text: `第 ${seq}`, clientId: `c${seq}` };
};

const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 30 });
const query = fc.oneof(
  fc.record({ limit: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ before: fc.integer({ min: 1, max: 260 }), limit: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ after: fc.integer({ min: 0, max: 260 }), limit: fc.integer({ min: 1, max: 200 }) }),
);
type Step =
  | { readonly _tag: 'Say'; readonly sizes: readonly number[] }
  | { readonly _tag: 'Read'; readonly query: MessageQuery }
  | { readonly _tag: 'Project' }
  | { readonly _tag: 'Own' }
  | { readonly _tag: 'Disown' }
  | { readonly _tag: 'Empty' };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: sizes.map((each): Step => ({ _tag: 'Say', sizes: each.slice(0, 4) })) },
  { weight: 8, arbitrary: query.map((each): Step => ({ _tag: 'Read', query: each })) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ _tag: 'Project' }, { _tag: 'Own' }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ _tag: 'Disown' }, { _tag: 'Empty' }) },
);

test('whatever has been read, lost and stored before, a page is that of all that is stored', async () => {
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.integer({ min: 2, max: 40 }),
      fc.array(step, { maxLength: 30 }),
      async (first, silent, steps) => {
        const house = new House();
        await house.say(first, silent);
        const given: (string | undefined)[] = [];
        const expected: string[] = [];
        for (const each of steps) {
          if (each._tag === 'Say') {
            await house.say(each.sizes, silent);
            if (house.newest !== undefined) house.own();
          } else if (each._tag === 'Project') await house.project();
          else if (each._tag === 'Own') house.own();
          else if (each._tag === 'Disown') house.newest = undefined;
          else if (each._tag === 'Empty') await house.views.clear([0]);
          else {
            given.push(await house.read(each.query));
            expected.push(house.whole(each.query));
          }
        }
        expect(given).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

describe('the views are not asked', () => {
  test('for a page of the past that they gave before', async () => {
    const house = new House();
    await house.say(Array.from({ length: 100 }, () => 3));
    await house.project();
    for (const before of [250, 240, 230]) await house.read({ before, limit: 20 });
    const { looks } = house.views;
    await house.say([3, 3]);
    for (const asked of [
      { before: 251, limit: 20 },
      { before: 236, limit: 20 },
      { after: 226, limit: 10 },
    ])
      expect(await house.read(asked)).toBe(house.whole(asked));
    expect(house.views.looks).toBe(looks);
  });

  test('for the newest page, where the session is in memory', async () => {
    const house = new House();
    await house.say(Array.from({ length: 20 }, () => 3));
    await house.project();
    house.own();
    await house.read({ limit: 20 });
    const { looks } = house.views;
    for (let round = 0; round < 30; round++) {
      await house.say([2]);
      house.own();
      expect(await house.read({ limit: 20 })).toBe(house.whole({ limit: 20 }));
      const after = { after: lastSeq(house.all.at(-2)?.commit ?? fail()), limit: 20 };
      expect(await house.read(after)).toBe(house.whole(after));
    }
    expect(house.views.looks).toBe(looks);
  });
});

const fail = (): never => {
  throw new Error('there are commits');
};

describe('nothing is remembered', () => {
  test('of a view that is ahead of the log, and so of another history', async () => {
    const house = new House();
    await house.say(Array.from({ length: 20 }, () => 3));
    await house.project();
    house.log = new MemoryEventLog(1);
    await house.read({ before: 40, limit: 20 });
    const { looks } = house.views;
    await house.read({ before: 40, limit: 20 });
    expect(house.views.looks).toBe(looks + 1);
  });

  test('when the views have lost what they had', async () => {
    const house = new House();
    await house.say(Array.from({ length: 20 }, () => 3));
    await house.project();
    const page = { before: 40, limit: 20 };
    await house.read(page);
    await house.views.clear([0]);
    // A look at the views shows it, whichever it is.
    await house.read({ limit: 5 });
    await house.project();
    const { looks } = house.views;
    expect(await house.read(page)).toBe(house.whole(page));
    expect(house.views.looks).toBe(looks + 1);
  });

  test('of what was under way when the views lost what they had', async () => {
    const house = new House();
    await house.say(Array.from({ length: 100 }, () => 3));
    await house.project();
    await house.read({ before: 40, limit: 20 });
    const page = { before: 200, limit: 20 };
    const transcript = house.views.transcript.bind(house.views);
    house.views.transcript = async (...asked) => {
      house.views.transcript = transcript;
      const found = await transcript(...asked);
      await house.views.clear([0]);
      await house.read({ limit: 5 });
      await house.project();
      return found;
    };
    expect(await house.read(page)).toBe(house.whole(page));
    const { looks } = house.views;
    expect(await house.read(page)).toBe(house.whole(page));
    expect(house.views.looks).toBe(looks + 1);
  });

  test('when the log has less than was remembered', async () => {
    const house = new House();
    await house.say(Array.from({ length: 20 }, () => 3));
    await house.project();
    await house.read({ before: 61, limit: 20 });
    const kept = house.all.slice(0, 10);
    house.log = new MemoryEventLog(1);
    for (const [index, { commit }] of kept.entries())
      await house.log.append({ ...house.ref, commit, expected: kept[index - 1]?.position ?? 0 });
    house.all.splice(10);
    house.views.transcript = async () => ({ checkpoint: 99, row: undefined, messages: [] });
    expect(await house.read({ limit: 20 })).toBe(house.whole({ limit: 20 }));
    expect(await house.read({ before: 61, limit: 20 })).toBe(house.whole({ before: 61, limit: 20 }));
  });

  test('when the log cannot be read, which may be because it went back', async () => {
    const house = new House();
    await house.say(Array.from({ length: 20 }, () => 3));
    await house.project();
    await house.read({ before: 40, limit: 20 });
    const { log } = house;
    house.log = new MemoryEventLog(1);
    house.log.read = () => {
      throw new Error('out of order');
    };
    await expect(house.read({ limit: 5 })).rejects.toThrow('out of order');
    house.log = log;
    const { looks } = house.views;
    await house.read({ before: 40, limit: 20 });
    expect(house.views.looks).toBe(looks + 1);
  });
});

test('a session that is not there has no page', async () => {
  const house = new House();
  expect(await house.read({ limit: 5 })).toBeUndefined();
  expect(await house.read({ before: 9, limit: 5 })).toBeUndefined();
});
