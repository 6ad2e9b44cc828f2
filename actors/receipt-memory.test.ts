import fc from 'fast-check';
import { expect, it } from 'vitest';
import { COUNTER_MAX, MILLIS_MAX, printId, WORKER_MAX } from '../events/ids.ts';
import { RECEIPTS_MAX } from '../events/limits.ts';
import { packReceipts, unpackReceipts } from './packed-receipts.ts';
import { ReceiptMemory } from './receipt-memory.ts';
import type { Receipt } from './receipts.ts';

const id = fc
  .record({
    millis: fc.nat(MILLIS_MAX),
    counter: fc.nat(COUNTER_MAX),
    worker: fc.nat(WORKER_MAX),
  })
  .map(printId);
/** As Kefu prints them, nearly so, and anything else that a log may hold. */
const messageId = fc.oneof(
  id,
  id.map((text) => text.toLowerCase()),
  id.map((text) => `G${text.slice(1)}`),
  fc.string({ maxLength: 32 }),
  fc.constant(undefined),
);
const receipt: fc.Arbitrary<Receipt> = fc.record({
  seq: fc.nat(),
  at: fc.nat(MILLIS_MAX),
  print: fc.nat(0xffffffff),
  messageId,
});
/** Few enough that some come again. */
const keyed = fc.tuple(fc.integer({ min: 2 ** 52, max: 2 ** 52 + 2 * RECEIPTS_MAX }), receipt);

it('gives back each receipt as it was kept, also from what is stored of it', () => {
  fc.assert(
    fc.property(
      fc.array(keyed, { maxLength: 50 }),
      fc.nat(RECEIPTS_MAX + 10).map((many) => Array.from({ length: many }, (_, key) => key)),
      (receipts, others) => {
        const memory = new ReceiptMemory();
        for (const key of others) memory.keep(key, { seq: key, at: key, print: key, messageId: `m${key}` });
        for (const [key, each] of receipts) memory.keep(key, each);
        const unpacked = unpackReceipts(packReceipts(memory.memory));
        expect(unpacked).toEqual(memory.memory);
        for (const each of [memory, new ReceiptMemory(unpacked)])
          for (const [key, kept] of new Map(receipts)) expect(each.recall(key)).toEqual(kept);
      },
    ),
  );
});

it('refuses what it has not stored', () => {
  const packed = packReceipts({ recent: [[1, 2, 3, 4, 'm']], old: [5] });
  for (const changed of [
    { ...packed, recent: packed.recent.slice(4) },
    { ...packed, messageIds: [] },
    { ...packed, old: Buffer.from(new Float64Array([0.5]).buffer).toString('base64') },
  ])
    expect(unpackReceipts(changed)).toBeUndefined();
});
