/**
 * Shards leased through a JetStream key-value bucket: one key a member, renewed as long as it lives, and one key a shard
 * that names its holder. A shard changes hands when its holder lets go of it, or when the holder's lease has run out on the
 * monotonic clock of whoever takes it. Every change is a compare-and-set.
 */
import { type KV, type KvEntry, Kvm } from '@nats-io/kv';
import type { NatsConnection } from 'nats';
import type { Ownership, OwnershipChange } from '../../actors/ownership.ts';
import type { Clock } from '../clock.ts';
import { randomToken } from '../random.ts';
import { isCertainlyGone, type ProcessIdentity, thisProcess } from './process-identity.ts';
import { type Member, movesOf } from './table.ts';

export interface OwnershipOptions {
  readonly shards: number;
  readonly replicas: number;
  readonly clock: Clock;
  /** Lets go of shards: resolves when nothing of them is under way here. At most so long that the lease can be kept. */
  readonly letGo: (shards: readonly number[]) => Promise<void>;
  readonly report: (trouble: string, detail: Readonly<Record<string, unknown>>) => void;
}

interface MemberRecord extends Member {
  readonly process: ProcessIdentity;
  /** Grows with each renewal, so that a renewal can be told from a repeat. */
  readonly beat: number;
  /** On the monotonic clock of the member itself, which alone can make something of it. */
  readonly sentAt: number;
}

interface ShardRecord {
  readonly holder: string;
}

const BUCKET = 'KEFU_OWNERS';
const BEAT_EVERY_MS = 1_000;
/** How long a renewal holds, counted from before it was sent. */
export const LEASE_MS = 5_000;
/** Others wait so much longer, because their clocks may run a little faster. */
const MARGIN_MS = 500;
/** A watch that does not show this process's own renewals for so long is dead, and another one is begun. */
const WATCH_SILENT_MS = 3 * BEAT_EVERY_MS;
/** How long what the kernel said of a process is believed. */
const GONE_LOOK_EVERY_MS = 50;
const WATCH_AGAIN_MS = 100;

type Watched = AsyncIterable<KvEntry> & { readonly stop: () => void };

export class NatsOwnership implements Ownership {
  readonly id = randomToken(9);
  readonly #bucket: KV;
  readonly #options: OwnershipOptions;
  readonly #listeners = new Set<(change: OwnershipChange) => void>();
  readonly #tableListeners = new Set<() => void>();
  /** By member: the newest record, and when it came, on this process's monotonic clock. */
  readonly #members = new Map<string, { readonly record: MemberRecord; readonly heardAt: number }>();
  readonly #holders: string[];
  readonly #revisions: number[];
  #owned: Set<number> = new Set();
  /** Being let go of: not served any more, not free for others yet. */
  readonly #leavingShards = new Set<number>();
  #leaseUntil = 0;
  /** When the newest own renewal was sent that came back through the watch: what others did before is known here. */
  #watchedAt = 0;
  /** When the first renewal of this lease was sent: what others took before it must have been seen. */
  #leasedFrom = 0;
  #watchBegunAt = 0;
  readonly #gone = new Map<string, { readonly at: number; readonly isGone: boolean }>();
  #beat = 0;
  #state: Member['state'] = 'up';
  #working: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #stopWatching: () => void = () => undefined;

  static async open(connection: NatsConnection, options: OwnershipOptions): Promise<NatsOwnership> {
    const bucket = await new Kvm(connection).create(BUCKET, {
      description: 'Kefu: who serves which shard',
      history: 1,
      replicas: options.replicas,
      allow_direct: false,
    });
    const ownership = new NatsOwnership(bucket, options);
    await ownership.#start();
    return ownership;
  }

  private constructor(bucket: KV, options: OwnershipOptions) {
    this.#bucket = bucket;
    this.#options = options;
    this.#holders = Array.from({ length: options.shards }, () => '');
    this.#revisions = Array.from({ length: options.shards }, () => 0);
  }

  owns(shard: number): boolean {
    return this.#owned.has(shard) && this.#options.clock.monotonicMs() < this.#leaseUntil;
  }

  owned(): ReadonlySet<number> {
    return this.#options.clock.monotonicMs() < this.#leaseUntil ? this.#owned : new Set();
  }

  onChange(listener: (change: OwnershipChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Who holds a shard as far as is known here, `''` when nobody does or whoever does is gone. */
  holderOf(shard: number): string {
    const holder = this.#holders[shard] ?? '';
    if (holder === this.id) return this.owns(shard) ? holder : '';
    return this.#isAlive(holder) ? holder : '';
  }

  /** Whether the shard is being given away in good order, with time for what is under way. */
  isLettingGo(shard: number): boolean {
    return this.#leavingShards.has(shard);
  }

  /** Whether no other process is there. */
  isAlone(): boolean {
    return ![...this.#members.keys()].some((id) => id !== this.id && this.#isAlive(id));
  }

  isMember(id: string): boolean {
    return this.#isAlive(id);
  }

  /** Called whenever somebody else may hold a shard from now on; the answer ends it. */
  onTable(listener: () => void): () => void {
    this.#tableListeners.add(listener);
    return () => void this.#tableListeners.delete(listener);
  }

  /** Lets go of everything, and of its membership. */
  async leave(): Promise<void> {
    if (this.#closed) return;
    this.#state = 'leaving';
    await this.#renew().catch(() => undefined);
    await this.#release([...this.#owned]);
    await this.close();
  }

  /** Stops at once; what it holds is free when the lease runs out or the process is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#stopWatching();
    await this.#working;
    await this.#bucket.delete(`member.${this.id}`).catch(() => undefined);
  }

  /** The connection was lost: what the watch would have shown may be lost too. */
  connectionRegained(): void {
    this.#stopWatching();
  }

  async #start(): Promise<void> {
    await this.#renew();
    const watched = await this.#bucket.watch();
    await new Promise<void>((resolve) => {
      void this.#watch(watched, resolve);
    });
    this.#timer = setInterval(() => this.#tick(), BEAT_EVERY_MS);
    this.#timer.unref();
    await this.#work();
  }

  /** Follows one watch after the other: none survives the server that it was begun on. */
  async #watch(first: Watched, initial: () => void): Promise<void> {
    let watched: Watched | undefined = first;
    while (!this.#closed) {
      try {
        watched ??= await this.#bucket.watch();
        await this.#follow(watched, initial);
      } catch (error) {
        if (!this.#closed) this.#options.report('the ownership bucket cannot be watched', { error });
      }
      watched = undefined;
      if (!this.#closed) await new Promise((resolve) => setTimeout(resolve, WATCH_AGAIN_MS));
    }
    initial();
  }

  async #follow(watched: Watched, initial: () => void): Promise<void> {
    this.#stopWatching = () => watched.stop();
    this.#watchBegunAt = this.#options.clock.monotonicMs();
    // The bucket has at least this member's own key, so that the first round of entries is never empty.
    for await (const entry of watched) {
      this.#see(entry);
      if (entry.key === `member.${this.id}`) initial();
      this.#soon();
    }
  }

  #see(entry: KvEntry): void {
    const [kind, name = ''] = entry.key.split('.', 2);
    if (kind === 'shard') {
      const shard = Number(name);
      // An own write may be seen after a later one was made.
      if (entry.revision < (this.#revisions[shard] ?? 0)) return;
      this.#revisions[shard] = entry.revision;
      this.#holders[shard] = entry.operation === 'PUT' ? entry.json<ShardRecord>().holder : '';
      if (this.#owned.has(shard) && this.#holders[shard] !== this.id) this.#changed([], [shard]);
      else this.#tellTable();
    } else if (kind === 'member') {
      if (entry.operation === 'PUT') this.#heard(name, entry.json<MemberRecord>());
      else if (name !== this.id && this.#members.delete(name)) this.#tellTable();
    }
  }

  #heard(name: string, record: MemberRecord): void {
    if (name === this.id) {
      this.#watchedAt = Math.max(this.#watchedAt, record.sentAt);
      return;
    }
    // A watch that begins anew tells everything once more.
    const known = this.#members.get(name);
    if (known !== undefined && known.record.beat >= record.beat) return;
    const wasAlive = this.#isAlive(name);
    this.#members.set(name, { record, heardAt: this.#options.clock.monotonicMs() });
    if (!wasAlive || known?.record.state !== record.state) this.#tellTable();
  }

  #tick(): void {
    if (this.#closed) return;
    this.#lapse();
    this.#tellTable();
    const now = this.#options.clock.monotonicMs();
    if (now - Math.max(this.#watchedAt, this.#watchBegunAt) >= WATCH_SILENT_MS) {
      this.#watchBegunAt = now;
      this.#stopWatching();
    }
    this.#renew().catch((error: unknown) => this.#options.report('the lease could not be renewed', { error }));
    this.#soon();
  }

  async #renew(): Promise<void> {
    const sentAt = this.#options.clock.monotonicMs();
    this.#beat += 1;
    const record: MemberRecord = { id: this.id, state: this.#state, process: thisProcess(), beat: this.#beat, sentAt };
    await this.#bucket.put(`member.${this.id}`, JSON.stringify(record));
    // A renewal that comes too late must not cover up that others may have taken over meanwhile.
    if (this.#lapse()) this.#leasedFrom = sentAt;
    this.#members.set(this.id, { record, heardAt: sentAt });
    this.#leaseUntil = Math.max(this.#leaseUntil, sentAt + LEASE_MS);
  }

  /** Stops serving when the lease has run out, and says whether it has. */
  #lapse(): boolean {
    const hasRunOut = this.#options.clock.monotonicMs() >= this.#leaseUntil;
    if (hasRunOut) this.#changed([], [...this.#owned]);
    return hasRunOut;
  }

  /**
   * Others count as silent only from renewal to renewal of this process's own, both seen through the watch: a watch that is
   * late, or this process having been paused, proves nothing against anybody.
   */
  #isAlive(id: string): boolean {
    const member = this.#members.get(id);
    if (member === undefined) return false;
    if (id === this.id) return this.#options.clock.monotonicMs() - member.heardAt < LEASE_MS + MARGIN_MS;
    return this.#watchedAt - member.heardAt < LEASE_MS + MARGIN_MS && !this.#isGone(id, member.record.process);
  }

  /** It is asked with every command, and the kernel's answer costs a file. */
  #isGone(id: string, process: ProcessIdentity): boolean {
    const now = this.#options.clock.monotonicMs();
    const known = this.#gone.get(id);
    if (known !== undefined && (known.isGone || now - known.at < GONE_LOOK_EVERY_MS)) return known.isGone;
    const isGone = isCertainlyGone(process);
    this.#gone.set(id, { at: now, isGone });
    // Whoever happened to ask is not the only one who wants to know.
    if (isGone)
      queueMicrotask(() => {
        this.#tellTable();
        this.#soon();
      });
    return isGone;
  }

  #soon(): void {
    if (this.#working !== undefined) {
      this.#again = true;
      return;
    }
    this.#working = this.#work()
      .catch((error: unknown) => this.#options.report('shards could not be moved', { error }))
      .finally(() => {
        this.#working = undefined;
        if (this.#again && !this.#closed) {
          this.#again = false;
          this.#soon();
        }
      });
  }

  async #work(): Promise<void> {
    if (this.#closed || this.#options.clock.monotonicMs() >= this.#leaseUntil) return;
    // What others took while the lease was not held must have come through the watch first.
    if (this.#watchedAt < this.#leasedFrom) return;
    const alive = [...this.#members.keys()].filter((id) => this.#isAlive(id));
    const members = alive.map((id) => this.#members.get(id)?.record).filter((record) => record !== undefined);
    await this.#bury(alive);
    const { take, release } = movesOf(this.id, this.#holders, members);
    // A shard that the bucket calls ours and that we do not serve: the lease ran out meanwhile and came back.
    const regained = this.#holders.flatMap((holder, shard) =>
      holder === this.id && !this.#owned.has(shard) && !this.#leavingShards.has(shard) ? [shard] : [],
    );
    if (release.length > 0) await this.#release(release.filter((shard) => this.#owned.has(shard)));
    if (this.#state === 'leaving') return;
    // What came back is written anew, so that whoever is about to take it, not having heard of us yet, fails.
    const wanted = [...take, ...regained.filter((shard) => !release.includes(shard))];
    const taken = await Promise.all(wanted.map(async (shard) => ((await this.#write(shard, this.id)) ? [shard] : [])));
    this.#changed(taken.flat(), []);
  }

  /** Forgets members that are gone, so that the bucket does not grow with every process that ever was. */
  async #bury(alive: readonly string[]): Promise<void> {
    const gone = [...this.#members.keys()].filter((id) => !alive.includes(id));
    await Promise.all(gone.map((id) => this.#bucket.purge(`member.${id}`)));
    for (const id of gone) {
      this.#members.delete(id);
      this.#gone.delete(id);
    }
  }

  async #release(shards: readonly number[]): Promise<void> {
    if (shards.length === 0) return;
    for (const shard of shards) this.#leavingShards.add(shard);
    this.#changed([], shards);
    await this.#options.letGo(shards);
    await Promise.all(shards.map((shard) => this.#write(shard, '')));
    for (const shard of shards) this.#leavingShards.delete(shard);
  }

  async #write(shard: number, holder: string): Promise<boolean> {
    try {
      const record: ShardRecord = { holder };
      const revision = await this.#bucket.put(`shard.${shard}`, JSON.stringify(record), {
        previousSeq: this.#revisions[shard] ?? 0,
      });
      this.#revisions[shard] = revision;
      this.#holders[shard] = holder;
      return true;
    } catch {
      // Somebody was quicker, or nobody knows: the watch will say.
      return false;
    }
  }

  #tellTable(): void {
    for (const listener of this.#tableListeners) listener();
  }

  #changed(gained: readonly number[], lost: readonly number[]): void {
    if (gained.length === 0 && lost.length === 0) return;
    const owned = new Set(this.#owned);
    for (const shard of lost) owned.delete(shard);
    for (const shard of gained) owned.add(shard);
    this.#owned = owned;
    for (const listener of this.#listeners) listener({ gained, lost });
    this.#tellTable();
  }
}
