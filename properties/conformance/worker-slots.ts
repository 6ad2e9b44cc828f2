/** What every adapter of the worker slots keeps: no two owners may ever issue in the same range. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Slot, WorkerSlots } from '../../events/worker-slots.ts';

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
    let now = 1_764_000_000_000;
    beforeAll(async () => {
      under = await start(() => now);
      slots = under.slots;
    });
    afterAll(() => under.close());

    const held = async (ceiling = now + 30_000): Promise<Slot> => {
      const slot = await slots.claim();
      expect(await slots.raise(slot, ceiling)).toBe(true);
      return { ...slot, ceiling };
    };

    test('a slot that was never held starts at 0, with its first epoch', async () => {
      const slot = await slots.claim();
      expect(slot).toMatchObject({ epoch: 1, ceiling: 0 });
      expect(slot.worker).toBeGreaterThanOrEqual(0);
      expect(slot.worker).toBeLessThan(1024);
    });

    test('a slot whose ceiling is ahead is not given to anyone else', async () => {
      const mine: number[] = [];
      for (let claim = 0; claim < 20; claim++) mine.push((await held()).worker);
      expect(new Set(mine).size).toBe(20);
    });

    test('a raise is stored, only ever upwards', async () => {
      const slot = await held(now + 10_000);
      expect(await slots.raise(slot, now + 5_000)).toBe(true);
      now += 60_000;
      expect((await claimAgain(slots, slot)).ceiling).toBe(slot.ceiling);
    });

    test('the owner before cannot raise any more, and the new one begins where the old one ended', async () => {
      const old = await held(now + 10_000);
      now += 60_000;
      const next = await claimAgain(slots, old);
      expect(next).toEqual({ worker: old.worker, epoch: old.epoch + 1, ceiling: old.ceiling });
      expect(await slots.raise(old, now + 90_000)).toBe(false);
      await slots.release({ ...old, ceiling: 1 });
      expect(await slots.raise(next, now + 30_000)).toBe(true);
      now += 60_000;
      expect((await claimAgain(slots, next)).ceiling).toBe(now - 30_000);
    });

    test('a slot that is given back with a lower ceiling is free at once', async () => {
      const slot = await held();
      await slots.release({ ...slot, ceiling: now });
      const next = await claimAgain(slots, slot);
      expect(next).toEqual({ worker: slot.worker, epoch: slot.epoch + 1, ceiling: now });
    });

    test('a process that starts anew knows every ceiling', async () => {
      const slot = await held();
      slots = await under.another();
      now += 60_000;
      const next = await claimAgain(slots, slot);
      expect(next).toEqual({ worker: slot.worker, epoch: slot.epoch + 1, ceiling: slot.ceiling });
    });
  });
};

/** Holds every other free slot for a moment, until it is this one's turn. */
const claimAgain = async (slots: WorkerSlots, { worker }: Slot): Promise<Slot> => {
  const others: Slot[] = [];
  for (;;) {
    const slot = await slots.claim();
    if (slot.worker === worker) {
      for (const other of others) await slots.release({ ...other, ceiling: 0 });
      return slot;
    }
    others.push(slot);
    await slots.raise(slot, Number.MAX_SAFE_INTEGER);
    if (others.length > 1_024) throw new Error(`slot ${worker} is never given`);
  }
};
