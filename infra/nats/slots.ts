/** Worker slots in a JetStream key-value bucket: every change is a compare-and-set on the entry's revision. */
import { type KV, type KvEntry, Kvm } from '@nats-io/kv';
import type { NatsConnection } from 'nats';
import { WORKER_MAX } from '../../events/ids.ts';
import type { Claimed, Slot, WorkerSlots } from '../../events/worker-slots.ts';
import type { Clock } from '../clock.ts';
import { DependencyFailure } from '../dependency-failure.ts';
import { randomBelow, randomToken } from '../random.ts';

export const SLOTS_BUCKET = 'KEFU_SLOTS';

export interface NatsSlotsOptions {
  /** Servers that hold a copy of the bucket when it is made; 1 unless told. */
  readonly replicas?: number;
  /** How many worker numbers there are; all that fit into an id unless told. */
  readonly workers?: number;
}

interface SlotRecord {
  readonly epoch: number;
  readonly ceiling: number;
  /** Drawn anew with every claim, so that a claim whose answer was lost can be told from another's. */
  readonly owner: string;
}

interface Found {
  readonly worker: number;
  readonly revision: number;
  readonly epoch: number;
  readonly ceiling: number;
  readonly owner: string;
}

/** Slots looked at anew after somebody else was quicker. */
const CLAIMS_MAX = 20;
const WRITE_ATTEMPTS_MAX = 5;

export class NatsWorkerSlots implements WorkerSlots {
  readonly #bucket: KV;
  readonly #clock: Clock;
  readonly #workers: number;
  /** By worker and epoch: under which name it was claimed here. */
  readonly #owners = new Map<string, string>();

  static async open(
    connection: NatsConnection,
    clock: Clock,
    { replicas = 1, workers = WORKER_MAX + 1 }: NatsSlotsOptions = {},
  ): Promise<NatsWorkerSlots> {
    // Without direct reads every answer is the leader's, so that what was written is what is read.
    const bucket = await new Kvm(connection).create(SLOTS_BUCKET, {
      description: 'Kefu: which ids each worker may issue',
      history: 1,
      replicas,
      allow_direct: false,
    });
    return new NatsWorkerSlots(bucket, clock, workers);
  }

  private constructor(bucket: KV, clock: Clock, workers: number) {
    this.#bucket = bucket;
    this.#clock = clock;
    this.#workers = workers;
  }

  /**
   * Takes a slot whose ceiling has passed, because its owner keeps it ahead of the time as long as it lives. Where clocks
   * disagree an owner may lose its slot to this one; it then learns so at its next raise, and has issued nothing that could
   * be issued again.
   */
  async claim(floor: number, aheadMs: number): Promise<Claimed> {
    for (let claim = 0; claim < CLAIMS_MAX; claim++) {
      const found = await this.#unheld();
      const owner = randomToken(12);
      const start = Math.max(this.#clock.now(), floor, found.ceiling);
      const record = { epoch: found.epoch + 1, ceiling: start + aheadMs, owner };
      if (!(await this.#write(found, record))) continue;
      const slot = { worker: found.worker, epoch: record.epoch, ceiling: record.ceiling };
      this.#owners.set(holdingOf(slot), owner);
      return { ...slot, start };
    }
    throw new DependencyFailure(
      `no worker slot could be claimed in the bucket ${SLOTS_BUCKET} in ${CLAIMS_MAX} attempts; start fewer processes at once`,
    );
  }

  raise(slot: Slot, ceiling: number): Promise<boolean> {
    return this.#change(slot, (held) => Math.max(held, ceiling));
  }

  async release(slot: Slot): Promise<void> {
    await this.#change(slot, () => slot.ceiling);
    this.#owners.delete(holdingOf(slot));
  }

  async #change(slot: Slot, ceiling: (held: number) => number): Promise<boolean> {
    const owner = this.#owners.get(holdingOf(slot));
    if (owner === undefined) return false;
    for (let attempt = 0; attempt < WRITE_ATTEMPTS_MAX; attempt++) {
      const found = await this.#read(slot.worker);
      if (found.epoch !== slot.epoch || found.owner !== owner) return false;
      const next = ceiling(found.ceiling);
      if (next === found.ceiling) return true;
      if (await this.#write(found, { epoch: slot.epoch, ceiling: next, owner })) return true;
    }
    throw new Error(`the worker slot ${slot.worker} could not be written in ${WRITE_ATTEMPTS_MAX} attempts`);
  }

  /** A slot from a random one on, so that processes that start together seldom meet. */
  async #unheld(): Promise<Found> {
    const start = randomBelow(this.#workers);
    const now = this.#clock.now();
    let lowest: Found | undefined;
    for (let step = 0; step < this.#workers; step++) {
      const found = await this.#read((start + step) % this.#workers);
      if (found.ceiling <= now) return found;
      if (lowest === undefined || found.ceiling < lowest.ceiling) lowest = found;
    }
    // All stand ahead of this clock, which must have been set back: the longest unused is the one that nobody raises.
    if (lowest === undefined) throw new Error('there is at least one worker slot');
    return lowest;
  }

  async #read(worker: number): Promise<Found> {
    const entry: KvEntry | null = await this.#bucket.get(String(worker));
    if (entry === null) return { worker, revision: 0, epoch: 0, ceiling: 0, owner: '' };
    // A slot that was removed by hand loses its ceiling; its revision still guards the write.
    if (entry.operation !== 'PUT') return { worker, revision: entry.revision, epoch: 0, ceiling: 0, owner: '' };
    return { worker, revision: entry.revision, ...entry.json<SlotRecord>() };
  }

  /** Whether the record is stored, also when the answer to the write was lost. */
  async #write(found: Found, record: SlotRecord): Promise<boolean> {
    try {
      await this.#bucket.put(String(found.worker), JSON.stringify(record), { previousSeq: found.revision });
      return true;
    } catch {
      const now = await this.#read(found.worker);
      return now.owner === record.owner && now.epoch === record.epoch && now.ceiling === record.ceiling;
    }
  }
}

const holdingOf = ({ worker, epoch }: Slot): string => `${worker}/${epoch}`;
