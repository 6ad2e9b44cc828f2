/** What every adapter of the worker slots keeps: no two owners may ever issue in the same range. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Claimed, Slot, WorkerSlots } from '../../events/worker-slots.ts';

export interface SlotsUnderTest {
  readonly slots: WorkerSlots;
  /** The same slots as another process that starts now sees them; the first may go on. */
  another(): Promise<WorkerSlots>;
  close(): Promise<void>;
}

export const workerSlotsLaws = (name: string, start: (now: () => number) => Promise<SlotsUnderTest>): void => {
  describe(`worker slots in ${name}`, () => {
    let under: SlotsUnderTest;
    let slots: WorkerSlots;
    const now = 1_764_000_000_000;
    beforeAll(async () => {
      under = await start(() => now);
      slots = under.slots;
    });
    afterAll(() => under.close());

    const held = async (aheadMs = 30_000): Promise<Claimed> => slots.claim(0, aheadMs);

    test('a slot that was never held starts now, with its first epoch', async () => {
      const slot = await held(10_000);
      expect(slot).toMatchObject({ epoch: 1, start: now, ceiling: now + 10_000 });
      expect(slot.worker).toBeGreaterThanOrEqual(0);
      expect(slot.worker).toBeLessThan(1024);
    });

    test('nobody starts below the floor they name', async () => {
      expect(await slots.claim(now + 5_000, 1_000)).toMatchObject({ start: now + 5_000, ceiling: now + 6_000 });
    });

    test('a slot whose ceiling is ahead is not given to anyone else', async () => {
      const mine: number[] = [];
      for (let claim = 0; claim < 20; claim++) mine.push((await held()).worker);
      expect(new Set(mine).size).toBe(20);
    });

    test('a raise is stored, only ever upwards', async () => {
      const slot = await held();
      expect(await slots.raise(slot, now + 90_000)).toBe(true);
      expect(await slots.raise(slot, now + 5_000)).toBe(true);
      expect((await claimAgain(slots, slot)).start).toBe(now + 90_000);
    });

    test('the owner before cannot raise any more, and the new one begins where the old one ended', async () => {
      const old = await held(10_000);
      const next = await claimAgain(slots, old);
      expect(next).toMatchObject({ worker: old.worker, epoch: old.epoch + 1, start: old.ceiling });
      expect(await slots.raise(old, now + 90_000)).toBe(false);
      await slots.release({ ...old, ceiling: 1 });
      expect(await slots.raise(next, next.ceiling + 30_000)).toBe(true);
      expect((await claimAgain(slots, next)).start).toBe(next.ceiling + 30_000);
    });

    test('a slot that is given back with a lower ceiling is free at once', async () => {
      const slot = await held();
      await slots.release({ ...slot, ceiling: now });
      const next = await claimAgain(slots, slot);
      expect(next).toMatchObject({ worker: slot.worker, epoch: slot.epoch + 1, start: now });
    });

    test('a process that starts anew knows every ceiling', async () => {
      const slot = await held();
      slots = await under.another();
      const next = await claimAgain(slots, slot);
      expect(next).toMatchObject({ worker: slot.worker, epoch: slot.epoch + 1, start: slot.ceiling });
    });
  });
};

/** Beyond every ceiling of these tests. */
const FAR = Number.MAX_SAFE_INTEGER;

/** Puts every other slot out of reach for a moment, so that this one's ceiling is the lowest, passed or not. */
const claimAgain = async (slots: WorkerSlots, { worker }: Slot): Promise<Claimed> => {
  const others: Slot[] = [];
  for (;;) {
    const slot = await slots.claim(0, 30_000);
    if (slot.worker === worker) {
      for (const other of others) await slots.release({ ...other, ceiling: 0 });
      return slot;
    }
    others.push(slot);
    await slots.raise(slot, FAR);
    if (others.length > 1_024) throw new Error(`slot ${worker} is never given`);
  }
};
