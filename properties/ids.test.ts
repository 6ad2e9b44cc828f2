/** Ids of many processes that share their slots, under clocks that lie, crashes, thefts and the dead who come back. */

import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { SEEN_AHEAD_MAX_MS } from '../events/id-generator.ts';
import type { IdParts } from '../events/ids.ts';
import { parseId, printId } from '../events/ids.ts';
import type { Claimed, Slot, WorkerSlots } from '../events/worker-slots.ts';
import { type IdLease, leaseIds } from '../infra/ids.ts';
import { chosen, sayWhere } from './chosen-seed.ts';
import { MemoryWorkerSlots } from './doubles/memory-worker-slots.ts';

console.log(sayWhere('ids'));

const START = 1_764_000_000_000;
const PROCESSES = 3;

const modes = ['work', 'work', 'are down', 'lose answers', 'are slow'] as const;
type Mode = (typeof modes)[number];

type Step =
  | { readonly do: 'issue'; readonly process: number; readonly count: number; readonly seeing: boolean }
  | { readonly do: 'tick'; readonly ms: number }
  /** The process is gone, and another one starts; the old one may still run, as a zombie. */
  | { readonly do: 'crash' | 'close'; readonly process: number }
  | { readonly do: 'zombie'; readonly count: number }
  /** An id from elsewhere is seen, so many milliseconds ahead of this clock. */
  | { readonly do: 'see'; readonly process: number; readonly aheadMs: number }
  | { readonly do: 'slots'; readonly mode: Mode }
  /** Of the calls that the slots have not answered yet, the first that came, or the last. */
  | { readonly do: 'answer'; readonly last: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('issue' as const),
      process: fc.nat(PROCESSES - 1),
      // One in so many runs through the counter, which costs as much as all else together.
      count: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(1, 3) }, { weight: 1, arbitrary: fc.constant(4_500) }),
      seeing: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('tick' as const),
      ms: fc.oneof(
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: -40_000, max: 0 }),
        fc.constantFrom(-START, 3_000_000, -3_000_000),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), process: fc.nat(PROCESSES - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), process: fc.nat(PROCESSES - 1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('zombie' as const), count: fc.constantFrom(1, 100) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('see' as const),
      process: fc.nat(PROCESSES - 1),
      aheadMs: fc.constantFrom(-1_000, 0, 1, 15_000, 29_999, 30_000, 60_000, SEEN_AHEAD_MAX_MS, SEEN_AHEAD_MAX_MS + 1),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('slots' as const), mode: fc.constantFrom(...modes) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const), last: fc.boolean() }) },
);

/** Slots whose answers get lost or come late: what was asked may be done though nobody hears of it. */
class UnreliableSlots implements WorkerSlots {
  readonly inner: MemoryWorkerSlots;
  mode: Mode = 'work';
  readonly #held: (() => void)[] = [];

  constructor(inner: MemoryWorkerSlots) {
    this.inner = inner;
  }

  claim(floor: number, aheadMs: number): Promise<Claimed> {
    return this.#call(() => this.inner.claim(floor, aheadMs));
  }

  raise(slot: Slot, ceiling: number): Promise<boolean> {
    return this.#call(() => this.inner.raise(slot, ceiling));
  }

  release(slot: Slot): Promise<void> {
    return this.#call(() => this.inner.release(slot));
  }

  /** One call that was held back is carried out and answered. */
  answer(last: boolean): void {
    const next = last ? this.#held.pop() : this.#held.shift();
    next?.();
  }

  /** Everything that was held back, and from now on everything at once. */
  work(): void {
    this.mode = 'work';
    for (const next of this.#held.splice(0)) next();
  }

  async #call<A>(work: () => Promise<A>): Promise<A> {
    if (this.mode === 'are down') throw new Error('the slots cannot be reached');
    if (this.mode === 'are slow')
      await new Promise<void>((resolve) => {
        this.#held.push(resolve);
      });
    const result = await work();
    if (this.mode === 'lose answers') throw new Error('the slots do not answer');
    return result;
  }
}

const newestOf = (ids: ReadonlySet<string>): string => {
  let newest = '';
  for (const id of ids) newest = id;
  return newest;
};

/** Lets upkeep that was asked for come to its end; the slots in memory answer at once. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The 64 bits as a number. */
const numberOf = ({ millis, counter, worker }: IdParts): bigint =>
  (BigInt(millis) << 22n) | (BigInt(counter) << 10n) | BigInt(worker);

class Issuer {
  readonly #lease: IdLease;
  readonly #slots: MemoryWorkerSlots;
  readonly troubles: string[] = [];
  #last = '';
  #lastNumber = -1n;

  constructor(lease: IdLease, slots: MemoryWorkerSlots) {
    this.#lease = lease;
    this.#slots = slots;
  }

  issue(count: number, seen: IdParts | undefined, all: Set<string>): void {
    for (let index = 0; index < count; index++) {
      const id = this.#lease.next(seen);
      if (!isRight(id)) continue;
      const parsed = parseId(id.right);
      if (!isRight(parsed)) throw new Error(`${id.right} is an id`);
      const { millis, worker } = parsed.right;
      if (all.has(id.right)) this.troubles.push(`${id.right} was issued twice`);
      if (id.right <= this.#last) this.troubles.push(`${id.right} does not follow ${this.#last} of the same lease`);
      const number = numberOf(parsed.right);
      if (number <= this.#lastNumber) this.troubles.push(`${id.right} is no greater number than ${this.#last}`);
      if (seen !== undefined && id.right <= printId(seen))
        this.troubles.push(`${id.right} does not follow what was seen`);
      if (millis >= this.#slots.record(worker).ceiling)
        this.troubles.push(`${id.right} stands above the stored ceiling`);
      all.add(id.right);
      this.#last = id.right;
      this.#lastNumber = number;
    }
  }

  /** Sees an id of another worker; one too far ahead is refused, and leaves no trace. */
  see(seen: IdParts, all: Set<string>): void {
    const { troubles } = this;
    const before = all.size;
    this.issue(1, seen, all);
    if (all.size > before || this.#lease.next(seen)._tag === 'Right') return;
    const refused = this.#lease.next(seen);
    if (refused._tag === 'Left' && refused.left._tag === 'SeenTooFarAhead' && refused.left.aheadMs <= SEEN_AHEAD_MAX_MS)
      troubles.push(`an id ${refused.left.aheadMs} ms ahead is refused`);
  }

  close(): Promise<void> {
    return this.#lease.close();
  }
}

describe('ids of processes that share few slots', () => {
  test('no id is issued twice, whatever clocks, crashes, thefts and zombies do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        let now = START;
        const inner = new MemoryWorkerSlots(() => now, 2);
        const slots = new UnreliableSlots(inner);
        const clock = { now: () => now, monotonicMs: () => 0 };
        const all = new Set<string>();
        const issuers: Issuer[] = [];
        const zombies: Issuer[] = [];
        const started: Issuer[] = [];
        const start = async (process: number): Promise<void> => {
          slots.work();
          const issuer = new Issuer(await leaseIds(slots, clock), inner);
          issuers[process] = issuer;
          started.push(issuer);
        };
        for (let process = 0; process < PROCESSES; process++) await start(process);
        for (const each of steps) {
          switch (each.do) {
            case 'issue': {
              const newest = each.seeing ? parseId(newestOf(all)) : undefined;
              const seen = newest !== undefined && isRight(newest) ? newest.right : undefined;
              issuers[each.process]?.issue(each.count, seen, all);
              break;
            }
            case 'tick':
              now = Math.max(0, now + each.ms);
              break;
            case 'crash':
            case 'close': {
              const old = issuers[each.process];
              const closing = each.do === 'close' ? old?.close() : undefined;
              // Whoever closes waits for what is under way.
              slots.work();
              await closing;
              if (old !== undefined) zombies.push(old);
              if (zombies.length > 3) await zombies.shift()?.close();
              await start(each.process);
              break;
            }
            case 'zombie':
              for (const zombie of zombies) zombie.issue(each.count, undefined, all);
              break;
            case 'see':
              issuers[each.process]?.see(
                { millis: Math.max(0, now + each.aheadMs), counter: 4_095, worker: 1_023 },
                all,
              );
              break;
            case 'slots':
              if (each.mode === 'work') slots.work();
              else slots.mode = each.mode;
              break;
            case 'answer':
              slots.answer(each.last);
          }
          await settle();
        }
        slots.work();
        for (const issuer of [...issuers, ...zombies]) await issuer.close();
        expect(started.flatMap(({ troubles }) => troubles)).toEqual([]);
      }),
      chosen(60),
    );
  }, 3_600_000);

  test('a process that has lost its slot goes on with another, and its ids still increase', async () => {
    let now = START;
    const slots = new MemoryWorkerSlots(() => now);
    const lease = await leaseIds(slots, { now: () => now, monotonicMs: () => 0 });
    now += 29_000;
    const first = lease.next();
    now += 60_000;
    const thief = await slots.claim(0, 30_000);
    expect(thief.worker).toBe(lease.worker);
    // The loss is noticed when the clock stands where it was before anything was issued.
    now = START;
    expect(lease.next({ millis: START + 30_000, counter: 0, worker: 1 })._tag).toBe('Left');
    await settle();
    expect(lease.worker).not.toBe(thief.worker);
    const second = lease.next();
    expect(isRight(first) && isRight(second) && second.right > first.right).toBe(true);
    await lease.close();
  });

  test('while the slots cannot be written ids go on up to the ceiling, and afterwards on', async () => {
    let now = START;
    const slots = new MemoryWorkerSlots(() => now);
    const lease = await leaseIds(slots, { now: () => now, monotonicMs: () => 0 });
    slots.isDown = true;
    now += 29_000;
    expect(lease.next()._tag).toBe('Right');
    now += 2_000;
    expect(lease.next()._tag).toBe('Left');
    await settle();
    expect(lease.next()._tag).toBe('Left');
    slots.isDown = false;
    await settle();
    lease.next();
    await settle();
    expect(lease.next()._tag).toBe('Right');
    await lease.close();
    expect(lease.next()._tag).toBe('Left');
  });

  test('a slot given back in order does not drive the next ids into the future', async () => {
    let now = START;
    const slots = new MemoryWorkerSlots(() => now, 1);
    const clock = { now: () => now, monotonicMs: () => 0 };
    for (let round = 0; round < 100; round++) {
      const lease = await leaseIds(slots, clock);
      const id = lease.next();
      const parsed = parseId(isRight(id) ? id.right : '');
      expect(isRight(parsed) && parsed.right.millis - now).toBeLessThanOrEqual(round === 0 ? 0 : 1);
      await lease.close();
      now += 1;
    }
  });
});
