import { describe, expect, test } from 'vitest';
import { seeded } from '../../demo/chance.ts';
import { Histogram } from '../histogram.ts';
import { type Askers, type Driven, drive, type Plan } from './drive.ts';
import { Ledger } from './ledger.ts';

const MS = 1_000;

/** A server that answers one request after the other, each after so long, unless it never does. */
class Answering implements Askers {
  ledger = new Ledger(0, ['acked']);
  readonly failures: string[] = [];
  readonly askers: number[] = [];
  underWayMost = 0;
  readonly #answer: (answer: () => void, index: number) => void;

  constructor(answer: (answer: () => void, index: number) => void) {
    this.#answer = answer;
  }

  ask(asker: number, meantMs: number, nowMs: number): boolean {
    const index = this.ledger.ask(asker, meantMs, nowMs);
    this.askers.push(asker);
    this.underWayMost = Math.max(this.underWayMost, this.ledger.asked - this.ledger.complete);
    this.#answer(() => this.ledger.mark('acked', index, performance.now()), index);
    return false;
  }

  flush(): void {
    // Nothing waits here.
  }

  turnPage(): void {
    this.ledger = new Ledger(this.ledger.first + this.ledger.asked, ['acked']);
  }
}

const plan: Plan = {
  pace: { kind: 'open', perSecond: 1_000, arrivals: 'even' },
  durationMs: 300,
  from: 0,
  askers: 10,
  requestsMax: Number.MAX_SAFE_INTEGER,
};

const latencyMs = ({ ackUs }: Driven, share: number): number => new Histogram(ackUs).quantile(share) / MS;

describe('driving', () => {
  test('an open pace asks as much as it should, whatever becomes of it', async () => {
    const driven = await drive(new Answering((answer) => void setTimeout(answer, 50)), plan, seeded(1));
    expect(driven.asked).toBe(299);
    expect(driven.complete).toBe(299);
    expect(driven.faults).toEqual([]);
    const poisson = { ...plan, pace: { kind: 'open', perSecond: 1_000, arrivals: 'poisson' } } as const;
    const { asked } = await drive(new Answering((answer) => answer()), poisson, seeded(1));
    expect(asked).toBeGreaterThan(240);
    expect(asked).toBeLessThan(360);
  });

  test('a server that stalls is not spared what has waited for it', async () => {
    // It stalls at once, and with it this whole process, as a server that blocks its clients would.
    let isStalled = true;
    const driven = await drive(
      new Answering((answer) => {
        const until = performance.now() + (isStalled ? 150 : 0);
        isStalled = false;
        while (performance.now() < until);
        answer();
      }),
      plan,
      seeded(1),
    );
    expect(driven.complete).toBe(299);
    // Half of all requests were due within the stall, and waited for 75 ms in the middle.
    expect(latencyMs(driven, 0.75)).toBeGreaterThan(40);
    expect(new Histogram(driven.lateUs).quantile(0.99) / MS).toBeGreaterThan(100);
  });

  test('a closed pace has as many under way as it may, never more, and takes the askers in turn', async () => {
    const answering = new Answering((answer) => void setTimeout(answer, 5));
    const closed = { ...plan, pace: { kind: 'closed', atOnce: 7 }, durationMs: 60_000, requestsMax: 100 } as const;
    const driven = await drive(answering, closed, seeded(1));
    expect(driven.asked).toBe(100);
    expect(driven.complete).toBe(100);
    expect(answering.underWayMost).toBe(7);
    expect(answering.askers.slice(0, 21)).toEqual([...Array(21).keys()].map((turn) => turn % 10));
  });

  test('so many requests and no more', async () => {
    const few = { ...plan, pace: { kind: 'closed', atOnce: 7 }, requestsMax: 20, from: 3, askers: 2 } as const;
    const answering = new Answering((answer) => void setImmediate(answer));
    expect((await drive(answering, few, seeded(1))).asked).toBe(20);
    expect(new Set(answering.askers)).toEqual(new Set([3, 4]));
  });

  test('what is never answered, and what is answered twice, is told', async () => {
    const atMost = { ...plan, stillMaxMs: 100 };
    const lost = await drive(new Answering((answer, index) => index !== 5 && answer()), atMost, seeded(1));
    expect(lost.complete).toBe(lost.asked - 1);
    expect(lost.faults).toEqual(['1 of 299 requests were never acked']);
    const silent = await drive(
      new Answering(() => undefined),
      { ...atMost, pace: { kind: 'closed', atOnce: 3 } },
      seeded(1),
    );
    expect(silent.faults).toEqual(['3 of 3 requests were never acked']);
    const twice = await drive(
      new Answering((answer, index) => [answer, ...(index === 5 ? [answer] : [])].forEach((each) => each())),
      atMost,
      seeded(1),
    );
    expect(twice.faults).toEqual(['1 answers or events came twice, or for nothing that was asked']);
  });
});
