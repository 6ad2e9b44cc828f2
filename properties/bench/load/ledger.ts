/** What became of every message of one talk: intended when, acknowledged, seen by the agent, seen by the visitor. */
import { Histogram } from '../histogram.ts';

export type Stage = 'acked' | 'delivered' | 'echoed';

const bits: Readonly<Record<Stage, number>> = { acked: 1, delivered: 2, echoed: 4 };
const COMPLETE = bits.acked | bits.delivered | bits.echoed;

const FIRST_ROOM = 65_536;

export class Ledger {
  /** From the moment a message was meant to be sent, whenever that was done, in microseconds. */
  readonly ackUs = new Histogram();
  readonly deliveryUs = new Histogram();
  /** How much later than meant it was sent. */
  readonly lateUs = new Histogram();
  /** Called when a message is acknowledged and seen by both sides. */
  onComplete: () => void = () => undefined;
  /** The number of the first message; those below are of earlier talks and complete. */
  readonly first: number;
  #intendedMs = new Float64Array(FIRST_ROOM);
  #speakers = new Uint32Array(FIRST_ROOM);
  #seen = new Uint8Array(FIRST_ROOM);
  #said = 0;
  #complete = 0;
  #again = 0;

  constructor(first: number) {
    this.first = first;
  }

  /** Gives the message's number. */
  say(speaker: number, intendedMs: number, nowMs: number): number {
    const at = this.#said++;
    if (at >= this.#seen.length) this.#grow();
    this.#intendedMs[at] = intendedMs;
    this.#speakers[at] = speaker;
    this.lateUs.record((nowMs - intendedMs) * 1_000);
    return this.first + at;
  }

  mark(stage: Stage, index: number, nowMs: number): void {
    const at = index - this.first;
    const bit = bits[stage];
    const before = this.#seen[at] ?? COMPLETE;
    // A second time, or a message of an earlier talk, or one that nobody has said.
    if (at < 0 || at >= this.#said || (before & bit) !== 0) {
      this.#again += 1;
      return;
    }
    this.#seen[at] = before | bit;
    const tookUs = (nowMs - (this.#intendedMs[at] ?? 0)) * 1_000;
    if (stage === 'acked') this.ackUs.record(tookUs);
    else if (stage === 'delivered') this.deliveryUs.record(tookUs);
    if ((before | bit) !== COMPLETE) return;
    this.#complete += 1;
    this.onComplete();
  }

  get said(): number {
    return this.#said;
  }

  get complete(): number {
    return this.#complete;
  }

  /** Acks and events that came although nothing, or nothing more, was to come. */
  get again(): number {
    return this.#again;
  }

  /** Messages that miss something, in words. */
  missing(stage: Stage): number {
    return this.#seen.subarray(0, this.#said).reduce((sum, seen) => sum + ((seen & bits[stage]) === 0 ? 1 : 0), 0);
  }

  /** Every message's number with who said it, in the order they were said. */
  *sayings(): Iterable<readonly [index: number, speaker: number]> {
    for (let at = 0; at < this.#said; at++) yield [this.first + at, this.#speakers[at] ?? 0];
  }

  #grow(): void {
    const room = this.#seen.length * 2;
    const [intended, speakers, seen] = [new Float64Array(room), new Uint32Array(room), new Uint8Array(room)];
    intended.set(this.#intendedMs);
    speakers.set(this.#speakers);
    seen.set(this.#seen);
    [this.#intendedMs, this.#speakers, this.#seen] = [intended, speakers, seen];
  }
}
