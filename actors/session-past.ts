/** What an actor holds of its session: the fold of the stored commits, and the newest of them. */
import { lastSeq, type Stored } from '../events/commit.ts';
import { invariant } from '../events/invariant.ts';
import { MACHINE_VERSION } from './machine-version.ts';
import { ReceiptMemory } from './receipt-memory.ts';
import type { KeyedReceipt } from './receipts.ts';
import { SeqIndex } from './seq-index.ts';
import { evolveCommit, type SessionState, unopened } from './session-state.ts';
import type { Snapshot } from './snapshot.ts';

/** Newest commits kept in memory, for whoever joins or reads right behind the head. */
const RECENT_COMMITS_MAX = 8;

export class SessionPast {
  #state: SessionState = unopened;
  #receipts = new ReceiptMemory();
  #index = new SeqIndex();
  #position = 0;
  #recent: Stored[] = [];

  get state(): SessionState {
    return this.#state;
  }

  get receipts(): ReceiptMemory {
    return this.#receipts;
  }

  get index(): SeqIndex {
    return this.#index;
  }

  /** Position of the newest commit, 0 before the first. */
  get position(): number {
    return this.#position;
  }

  /** The newest commits, oldest first, without a gap up to the newest. Behind a snapshot they begin with its last commit. */
  get recent(): readonly Stored[] {
    return this.#recent;
  }

  /** Takes in the next commit. */
  take(stored: Stored): void {
    this.#receipts.remember(stored.commit);
    this.#add(stored, evolveCommit(this.#state, stored.commit));
  }

  /** Takes in the next commit, of which its author knows what it leads to and which receipts it leaves. */
  takeOwn(stored: Stored, after: SessionState, receipts: readonly KeyedReceipt[]): void {
    for (const { key, receipt } of receipts) this.#receipts.keep(key, receipt);
    this.#add(stored, after);
  }

  #add(stored: Stored, after: SessionState): void {
    this.#state = after;
    this.#position = stored.position;
    this.#index.add(stored);
    if (this.#recent.length < RECENT_COMMITS_MAX) {
      // No longer than it says: a list that is added to has room for 16 more, in every session that is idle.
      this.#recent = this.#recent.concat(stored);
    } else {
      this.#recent.shift();
      this.#recent.push(stored);
    }
  }

  /** Needs a commit to be taken behind. */
  snapshot(): Snapshot {
    const newest = this.#recent.at(-1);
    invariant(newest !== undefined, 'a snapshot is taken behind a commit');
    return {
      machine: MACHINE_VERSION,
      seq: this.#state.seq,
      at: this.#state.at,
      position: this.#position,
      commit: newest.commit.commit,
      chart: this.#state.chart,
      receipts: this.#receipts.memory,
      marks: this.#index.marks,
    };
  }

  /**
   * Goes on from a snapshot instead of from nothing, if `newest` is the commit it was taken behind. A log that was set back
   * does not have that commit; and a log that has it, has all that led to it.
   */
  restore({ seq, at, position, commit, chart, receipts, marks }: Snapshot, newest: Stored): boolean {
    invariant(this.#position === 0, 'what was read is not replaced');
    if (newest.position !== position || newest.commit.commit !== commit || lastSeq(newest.commit) !== seq) return false;
    this.#state = { seq, at, chart };
    this.#receipts = new ReceiptMemory(receipts);
    this.#index = new SeqIndex(marks);
    this.#position = position;
    this.#recent = [newest];
    return true;
  }
}
