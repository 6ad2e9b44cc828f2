/** What became of every request of one stretch of load: meant to be made when, and what has come of it since. */
import { Histogram } from '../histogram.ts';

const bits = { acked: 1, delivered: 2, echoed: 4 } as const;
/** `delivered` is what somebody else gets, or what the asker gets beside the answer; `echoed` is one's own event. */
export type Stage = keyof typeof bits;

const FIRST_ROOM = 65_536;

export class Ledger {
  /** From the moment a request was meant to be made, whenever that was done, in microseconds. */
  readonly ackUs = new Histogram();
  readonly deliveryUs = new Histogram();
  /** How much later than meant it was made. */
  readonly lateUs = new Histogram();
  /** Called when every stage of a request has been reached. */
  onComplete: () => void = () => undefined;
  /** The number of the first request; those below are of earlier stretches. */
  readonly first: number;
  readonly stages: readonly Stage[];
  readonly #whole: number;
  #meantMs = new Float64Array(FIRST_ROOM);
  #askers = new Uint32Array(FIRST_ROOM);
  #reached = new Uint8Array(FIRST_ROOM);
  #asked = 0;
  #complete = 0;
  #again = 0;

  constructor(first: number, stages: readonly Stage[]) {
    this.first = first;
    this.stages = stages;
    this.#whole = stages.reduce((sum, stage) => sum | bits[stage], 0);
  }

  /** Gives the request's number. */
  ask(asker: number, meantMs: number, nowMs: number): number {
    const at = this.#asked++;
    if (at >= this.#reached.length) this.#grow();
    this.#meantMs[at] = meantMs;
    this.#askers[at] = asker;
    this.lateUs.record((nowMs - meantMs) * 1_000);
    return this.first + at;
  }

  mark(stage: Stage, index: number, nowMs: number): void {
    const at = index - this.first;
    const bit = bits[stage];
    const before = this.#reached[at] ?? 0;
    // A second time, or for a request of an earlier stretch, or for one that nobody has made.
    if (!(at >= 0 && at < this.#asked) || (before & bit) !== 0) {
      this.#again += 1;
      return;
    }
    const now = before | bit;
    this.#reached[at] = now;
    const tookUs = (nowMs - (this.#meantMs[at] ?? 0)) * 1_000;
    if (stage === 'acked') this.ackUs.record(tookUs);
    else if (stage === 'delivered') this.deliveryUs.record(tookUs);
    if (now !== this.#whole) return;
    this.#complete += 1;
    this.onComplete();
  }

  get asked(): number {
    return this.#asked;
  }

  get complete(): number {
    return this.#complete;
  }

  /** Answers and events that came although nothing, or nothing more, was to come. */
  get again(): number {
    return this.#again;
  }

  /** Requests that have not reached the stage. */
  missing(stage: Stage): number {
    return this.#reached.subarray(0, this.#asked).reduce((sum, seen) => sum + ((seen & bits[stage]) === 0 ? 1 : 0), 0);
  }

  /** Every request's number with who made it, in order. */
  *requests(): Iterable<readonly [index: number, asker: number]> {
    for (let at = 0; at < this.#asked; at++) yield [this.first + at, this.#askers[at] ?? 0];
  }

  #grow(): void {
    const room = this.#reached.length * 2;
    const [meant, askers, reached] = [new Float64Array(room), new Uint32Array(room), new Uint8Array(room)];
    meant.set(this.#meantMs);
    askers.set(this.#askers);
    reached.set(this.#reached);
    [this.#meantMs, this.#askers, this.#reached] = [meant, askers, reached];
  }
}
