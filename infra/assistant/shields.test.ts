/** What stands between Kefu and a model: the breaker, the bulkhead, the allowance. */
import { describe, expect, test } from 'vitest';
import { VirtualWorld } from '../../properties/doubles/virtual-world.ts';
import { Allowance } from './allowance.ts';
import { Breaker } from './breaker.ts';
import { Bulkhead } from './bulkhead.ts';

describe('the breaker', () => {
  const broken = () => {
    const world = new VirtualWorld();
    const breaker = new Breaker(world);
    for (let nth = 0; nth < 5; nth++) breaker.enter()?.failed();
    return { world, breaker };
  };
  test('opens after five failures in a row, and not when one succeeds between them', () => {
    const { breaker } = broken();
    expect(breaker.enter()).toBeUndefined();
    const other = new Breaker(new VirtualWorld());
    for (let nth = 0; nth < 12; nth++) {
      const pass = other.enter();
      if (nth % 4 === 3) pass?.succeeded();
      else pass?.failed();
    }
    expect(other.isResting).toBe(false);
  });
  test('lets one try after its rest, and the others when that has succeeded', () => {
    const { world, breaker } = broken();
    world.pass(5_000);
    const trial = breaker.enter();
    expect(trial).toBeDefined();
    expect(breaker.enter()).toBeUndefined();
    trial?.succeeded();
    expect(breaker.enter()).toBeDefined();
  });
  test('rests again when the trial fails, and lets another try when it is given up', () => {
    const { world, breaker } = broken();
    world.pass(5_000);
    breaker.enter()?.failed();
    expect(breaker.enter()).toBeUndefined();
    world.pass(5_000);
    breaker.enter()?.abandoned();
    expect(breaker.enter()).toBeDefined();
  });
  test('rests no longer for a clock that is set back', () => {
    const { world, breaker } = broken();
    world.set(0);
    world.pass(5_000);
    expect(breaker.enter()).toBeDefined();
  });
});

describe('the bulkhead', () => {
  const never = new AbortController().signal;
  test('lets so many in, lets so many wait in order, and turns the others away', async () => {
    const bulkhead = new Bulkhead(1, 2);
    const leave = await bulkhead.enter(never);
    const order: string[] = [];
    const waiting = ['a', 'b'].map(async (name) => {
      const next = await bulkhead.enter(never);
      order.push(name);
      return next;
    });
    expect(await bulkhead.enter(never)).toBe('full');
    if (typeof leave !== 'function') throw new Error('the first is let in');
    leave();
    leave();
    const first = await waiting[0];
    expect([order, bulkhead.inside, bulkhead.waiting]).toEqual([['a'], 1, 1]);
    if (typeof first === 'function') first();
    await waiting[1];
    expect(order).toEqual(['a', 'b']);
  });
  test('lets go at once of whoever waits no longer', async () => {
    const bulkhead = new Bulkhead(1, 1);
    await bulkhead.enter(never);
    const patience = new AbortController();
    const waiting = bulkhead.enter(patience.signal);
    patience.abort();
    expect(await waiting).toBe('aborted');
    expect(bulkhead.waiting).toBe(0);
    expect(await bulkhead.enter(patience.signal)).toBe('aborted');
  });
  test('has no limit where it is 0', async () => {
    const bulkhead = new Bulkhead(0, 0);
    for (let nth = 0; nth < 1_000; nth++) expect(typeof (await bulkhead.enter(never))).toBe('function');
  });
});

describe('the allowance', () => {
  test('is each tenant’s own, in requests and tokens, and anew every minute', () => {
    const world = new VirtualWorld();
    const allowance = new Allowance(world);
    expect([1, 2, 3].map(() => allowance.take('a', 10, 2, 0))).toEqual([true, true, false]);
    expect(allowance.take('b', 10, 2, 0)).toBe(true);
    expect(allowance.take('c', 90, 0, 100)).toBe(true);
    expect(allowance.take('c', 20, 0, 100)).toBe(false);
    allowance.add('c', -50);
    expect(allowance.take('c', 20, 0, 100)).toBe(true);
    expect(allowance.take('c', 1_000_000, 0, 0)).toBe(true);
    world.pass(60_000);
    expect(allowance.take('a', 10, 2, 0)).toBe(true);
  });
});
