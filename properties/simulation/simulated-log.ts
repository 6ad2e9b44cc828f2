/** The log as processes reach it over a network that loses, delays and repeats, and that outlives them. */
import { lastSeq, type Stored } from '../../events/commit.ts';
import type { Append, Appended, Batches, EventLog, Scan } from '../../events/event-log.ts';
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
import { MemoryEventLog } from '../doubles/memory-event-log.ts';
import { InjectedFault } from './faults.ts';
import { type Ground, never } from './ground.ts';
import type { Owner } from './scheduler.ts';

/** How late an append may arrive of which nobody knew, in milliseconds. */
const LATE_MS_MAX = [10, 100, 4_000];
const ACK_DELAY_MS_MAX = 6_000;
/** How often what a process has sent is lost with it. */
const LOST_WITH_SENDER = 0.3;

export class SimulatedLog {
  readonly store: MemoryEventLog;
  /** Newest seq of each session. */
  readonly heads = new Map<string, number>();
  /** Position of the newest commit, in each shard and in all. */
  readonly shardHeads = new Map<number, number>();
  head = 0;
  readonly #ground: Ground;

  constructor(shards: number, ground: Ground) {
    this.store = new MemoryEventLog(shards);
    this.#ground = ground;
  }

  /** Appends as the log itself does, at once. */
  async take(append: Append): Promise<Appended> {
    const outcome = await this.store.append(append);
    if (outcome._tag === 'Stored' && outcome.position > this.head) {
      this.head = outcome.position;
      this.shardHeads.set(shardOf(append.session, this.store.shards), outcome.position);
      this.heads.set(append.session, lastSeq(append.commit));
    }
    return outcome;
  }

  /** The log as this process sees it; `crash` ends the process. */
  connect(owner: Owner, crash: (why: string) => void): EventLog {
    return new LogConnection(this, this.#ground, owner, crash);
  }

  async everything(): Promise<readonly Stored[]> {
    const all: Stored[] = [];
    for await (const batch of this.store.scan({ after: 0 })) all.push(...batch);
    return all;
  }
}

class LogConnection implements EventLog {
  readonly #log: SimulatedLog;
  readonly #ground: Ground;
  readonly #owner: Owner;
  readonly #crash: (why: string) => void;

  constructor(log: SimulatedLog, ground: Ground, owner: Owner, crash: (why: string) => void) {
    this.#log = log;
    this.#ground = ground;
    this.#owner = owner;
    this.#crash = crash;
  }

  get shards(): number {
    return this.#log.store.shards;
  }

  async append(append: Append): Promise<Appended> {
    const { scheduler, faults, dice } = this.#ground;
    const fault = faults.ofAppend();
    if (fault === 'crash before an append') return this.#die('before an append');
    if (fault === 'lost append') return this.#undecided();
    if (fault === 'late append') {
      this.#arriveLater(append);
      return this.#undecided();
    }
    const outcome = await this.#arrive(append);
    if (outcome === undefined) return never();
    if (fault === 'crash after an append') return this.#die('after an append');
    if (fault === 'duplicate delivery') this.#arriveLater(append);
    if (fault === 'delayed ack') await scheduler.sleep(this.#owner, dice.between(50, ACK_DELAY_MS_MAX));
    await scheduler.turn(this.#owner);
    if (fault === 'lost ack') return { _tag: 'Undecided', why: 'no answer' };
    if (fault === 'failed append') throw new InjectedFault('the log is out of order');
    return outcome;
  }

  async *read(ref: SessionRef, after?: number): Batches {
    const { scheduler, faults, dice } = this.#ground;
    await scheduler.turn(this.#owner);
    if (faults.strikes('failed read of the log')) throw new InjectedFault('the log cannot be read');
    const all: Stored[] = [];
    for await (const batch of this.#log.store.read(ref, after)) all.push(...batch);
    while (all.length > 0) {
      yield all.splice(0, dice.between(1, 8));
      await scheduler.turn(this.#owner);
    }
  }

  async *scan(scan: Scan): Batches {
    const { scheduler, faults, dice } = this.#ground;
    for await (const batch of this.#log.store.scan(scan)) {
      const rest = [...batch];
      while (rest.length > 0) {
        await scheduler.turn(this.#owner);
        if (scan.signal?.aborted === true) return;
        if (faults.strikes('broken scan')) throw new InjectedFault('the log cannot be followed');
        yield rest.splice(0, dice.between(1, 6));
      }
    }
  }

  async head(): Promise<number> {
    await this.#ground.scheduler.turn(this.#owner);
    const head = await this.#log.store.head();
    await this.#ground.scheduler.turn(this.#owner);
    return head;
  }

  /** What the log makes of it; `undefined` when it was lost together with its sender. */
  async #arrive(append: Append): Promise<Appended | undefined> {
    const { scheduler, dice, wire, onTheWire, tell } = this.#ground;
    onTheWire.appends += 1;
    await scheduler.turn(wire);
    onTheWire.appends -= 1;
    if (!this.#owner.alive && dice.happens(LOST_WITH_SENDER)) return undefined;
    const outcome = await this.#log.take(append);
    tell(() => `log: ${sayAppend(append, outcome)} (from ${this.#owner.name})`);
    return outcome;
  }

  #arriveLater(append: Append): void {
    const { scheduler, dice, wire, onTheWire } = this.#ground;
    onTheWire.appends += 1;
    void scheduler.sleep(wire, dice.between(1, dice.pick(LATE_MS_MAX))).then(async () => {
      onTheWire.appends -= 1;
      await this.#arrive(append);
    });
  }

  async #undecided(): Promise<Appended> {
    await this.#ground.scheduler.turn(this.#owner);
    return { _tag: 'Undecided', why: 'no answer' };
  }

  async #die(why: string): Promise<never> {
    this.#crash(why);
    return never();
  }
}

const sayAppend = ({ session, commit, expected }: Append, outcome: Appended): string =>
  `${session} seq ${commit.seq} [${commit.events.map(({ type, clientId }) => `${type} ${clientId}`).join(', ')}] behind ${expected}: ${outcome._tag}${outcome._tag === 'Stored' ? ` at ${outcome.position}` : ''}`;
