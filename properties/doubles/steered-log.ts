/** A log whose next appends and reads go as a test wants: held back, stored but unanswered, refused, failing. */
import type { Append, Appended, Batches, EventLog, Scan } from '../../events/event-log.ts';
import type { SessionRef } from '../../events/names.ts';
import { MemoryEventLog } from './memory-event-log.ts';

export type Fault =
  /** Stored, and the answer says that nobody knows. */
  | 'lost-ack'
  /** Not stored, and the answer says that nobody knows. */
  | 'lost-append'
  /** Throws. */
  | 'failure';

export class SteeredLog implements EventLog {
  readonly inner: MemoryEventLog;
  readonly appends: Append[] = [];
  reads = 0;
  commitsRead = 0;
  readonly #appendFaults: Fault[] = [];
  #readFailures = 0;
  #held: (() => void)[] | undefined;

  constructor(shards = 4) {
    this.inner = new MemoryEventLog(shards);
  }

  get shards(): number {
    return this.inner.shards;
  }

  /** The next appends go wrong like this, one after the other. */
  failAppends(...faults: readonly Fault[]): void {
    this.#appendFaults.push(...faults);
  }

  failReads(count: number): void {
    this.#readFailures += count;
  }

  /** From now on appends wait; the answer lets them all go on and ends the waiting. */
  hold(): () => void {
    this.#held = [];
    return () => {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const go of held) go();
    };
  }

  async append(append: Append): Promise<Appended> {
    this.appends.push(append);
    const held = this.#held;
    if (held !== undefined)
      await new Promise<void>((resolve) => {
        held.push(resolve);
      });
    const fault = this.#appendFaults.shift();
    if (fault === 'failure') throw new Error('the log is gone');
    if (fault === 'lost-append') return { _tag: 'Undecided', why: 'no answer' };
    const appended = await this.inner.append(append);
    return fault === 'lost-ack' ? { _tag: 'Undecided', why: 'no answer' } : appended;
  }

  async *read(ref: SessionRef, after?: number): Batches {
    this.reads += 1;
    if (this.#readFailures > 0) {
      this.#readFailures -= 1;
      throw new Error('the log cannot be read');
    }
    for await (const batch of this.inner.read(ref, after)) {
      this.commitsRead += batch.length;
      yield batch;
    }
  }

  scan(scan: Scan): Batches {
    return this.inner.scan(scan);
  }

  head(): Promise<number> {
    return this.inner.head();
  }
}
