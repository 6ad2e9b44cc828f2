/** What goes wrong in a history, how often, and how often it did. */
import type { Dice } from './dice.ts';

/** Drawn anew for each append. */
export const appendFaults = [
  'lost ack',
  'lost append',
  'late append',
  'delayed ack',
  'duplicate delivery',
  'failed append',
  'crash before an append',
  'crash after an append',
] as const;
/** Drawn anew for each call of the port. */
const callFaults = [
  'failed read of the log',
  'broken scan',
  'failed view store',
  'lost answer of the view store',
  'slow view store',
  'unreachable worker slots',
  'failed snapshot store',
  'repeated frame',
] as const;
/** Happen by themselves, from time to time. */
export const disasters = [
  'crash',
  'shard handed over',
  'split ownership',
  'clock set back',
  'clock set ahead',
  'views emptied',
  'connection lost',
  'slow reader',
] as const;

export type AppendFault = (typeof appendFaults)[number];
export type CallFault = (typeof callFaults)[number];
export type Disaster = (typeof disasters)[number];
export type FaultKind = AppendFault | CallFault | Disaster;
export const faultKinds: readonly FaultKind[] = [...appendFaults, ...callFaults, ...disasters];

/** Thrown where a port fails on purpose: any other error is the code's own. */
export class InjectedFault extends Error {}

const APPEND_RATE_MAX = 0.08;
const CALL_RATE_MAX = 0.1;

/** Now and then a history has far more of one kind than of any other. */
const OBSESSION = 0.1;
const OBSESSED_TIMES = 6;

/** Each history suffers from some kinds only, so that every kind also strikes alone. */
export class Faults {
  readonly counts = new Map<FaultKind, number>();
  readonly #dice: Dice;
  readonly #rates = new Map<FaultKind, number>();
  #healed = false;

  constructor(dice: Dice) {
    this.#dice = dice;
    for (const kind of appendFaults) this.#rates.set(kind, this.#rate(APPEND_RATE_MAX));
    for (const kind of callFaults) this.#rates.set(kind, this.#rate(CALL_RATE_MAX));
    for (const kind of disasters) this.#rates.set(kind, this.#rate(1));
  }

  /** From now on nothing goes wrong any more. */
  heal(): void {
    this.#healed = true;
  }

  strikes(kind: FaultKind): boolean {
    if (this.#healed || !this.#dice.happens(this.#rates.get(kind) ?? 0)) return false;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    return true;
  }

  /** At most one strikes an append. */
  ofAppend(): AppendFault | undefined {
    return appendFaults.find((kind) => this.strikes(kind));
  }

  #rate(max: number): number {
    if (this.#dice.happens(0.5)) return 0;
    const rate = (this.#dice.below(1_000) / 1_000) * max;
    return this.#dice.happens(OBSESSION) ? Math.min(1, rate * OBSESSED_TIMES) : rate;
  }
}
