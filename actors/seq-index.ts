/** Where in the log a session's seqs stand, so that what is far from its beginning can be read without what is before it. */
import { lastSeq, type Stored } from '../events/commit.ts';
import type { EventLog } from '../events/event-log.ts';
import type { SessionRef } from '../events/names.ts';

/** The last seq of a commit, and the commit's position. */
export type Mark = readonly [seq: number, position: number];

/** Facts between two marks, at least; a commit is never split. */
export const MARK_EVERY_FACTS = 256;

export class SeqIndex {
  readonly #marks: Mark[];

  constructor(marks: readonly Mark[] = []) {
    this.#marks = [...marks];
  }

  get marks(): readonly Mark[] {
    return this.#marks;
  }

  /** Takes in the session's next commit. */
  add({ position, commit }: Stored): void {
    const seq = lastSeq(commit);
    if (seq - (this.#marks.at(-1)?.[0] ?? 0) >= MARK_EVERY_FACTS) this.#marks.push([seq, position]);
  }

  /** The last marked position that `seq` stands behind; 0 where that is the beginning. */
  startOf(seq: number): number {
    return startIn(this.#marks, seq);
  }
}

export const startIn = (marks: readonly Mark[], seq: number): number =>
  marks.findLast(([marked]) => marked < seq)?.[1] ?? 0;

/**
 * A session's commits from the one that holds `seq` on, and perhaps some before it. `start` is where it is thought to stand
 * behind; should it turn out to stand elsewhere, everything is read.
 */
export async function* readFrom(
  log: EventLog,
  ref: SessionRef,
  seq: number,
  start: number | Promise<number>,
): AsyncGenerator<readonly Stored[]> {
  const position = await start;
  let isFound = false;
  if (position > 0)
    for await (const batch of log.read(ref, position)) {
      // Seqs have no gaps, so that a first commit at or before the seq leaves nothing out.
      if (!isFound && (batch[0]?.commit.seq ?? 0) > seq) break;
      isFound = true;
      yield batch;
    }
  if (!isFound) yield* log.read(ref);
}
