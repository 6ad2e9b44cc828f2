/** Who serves which shard: at any moment one process by right, and now and then a second one that does not know yet. */
import type { Ground } from './ground.ts';
import type { Owner } from './scheduler.ts';
import type { Life, SimulatedProcess } from './simulated-process.ts';

/** How long a process that lost a shard may take to notice, in milliseconds. */
const UNAWARE_MS_MAX = 3_000;

export class SimulatedOwnership {
  readonly #ground: Ground;
  readonly #processes: readonly SimulatedProcess[];
  readonly #holders: (Life | undefined)[];
  readonly #terms: number[];
  /** Shards on their way from one process to another: nobody serves them. */
  readonly #moving = new Set<number>();
  /** Who still serves a shard that is no longer theirs. */
  readonly #unaware: Set<Life>[];

  constructor(ground: Ground, processes: readonly SimulatedProcess[], shards: number) {
    this.#ground = ground;
    this.#processes = processes;
    this.#holders = Array.from({ length: shards }, () => undefined);
    this.#terms = Array.from({ length: shards }, () => 0);
    this.#unaware = Array.from({ length: shards }, () => new Set());
  }

  /** Whoever serves the shard by right; a shard without a living holder is given to somebody first. */
  holder(shard: number): Life | undefined {
    const holder = this.#holders[shard];
    if (holder?.owner.alive === true) return holder;
    if (this.#moving.has(shard)) return undefined;
    const heirs = this.#candidates(shard);
    return heirs.length === 0 ? undefined : this.#give(shard, this.#ground.dice.pick(heirs));
  }

  /** Whoever serves it without a right to. */
  pretenders(shard: number): readonly Life[] {
    return [...(this.#unaware[shard] ?? [])].filter((life) => life.owner.alive && life.holds.has(shard));
  }

  /** A number for each time that somebody serves the shard by right; 0 for whoever does not. */
  term(life: Life, shard: number): number {
    return this.#holders[shard] === life ? (this.#terms[shard] ?? 0) : 0;
  }

  /** Whether shards are on their way, or two processes serve one. */
  get isMoving(): boolean {
    return this.#moving.size > 0 || this.#unaware.some(({ size }) => size > 0);
  }

  /** In order: the old holder lets go, then the new one takes over. */
  async handOver(shard: number): Promise<void> {
    const holder = this.#holders[shard];
    if (holder === undefined || this.#moving.has(shard)) return;
    this.#ground.tell(() => `shard ${shard} is let go of by ${holder.owner.name}`);
    this.#moving.add(shard);
    this.#holders[shard] = undefined;
    await this.#letGo(shard, holder);
    this.#moving.delete(shard);
  }

  /** Out of order: the new holder serves while the old one still does. */
  async split(shard: number, custody: Owner): Promise<void> {
    const { scheduler, dice, tell } = this.#ground;
    const holder = this.#holders[shard];
    const heirs = this.#candidates(shard).filter((life) => life !== holder);
    if (holder === undefined || heirs.length === 0 || this.#moving.has(shard)) return;
    this.#unaware[shard]?.add(holder);
    this.#give(shard, dice.pick(heirs));
    await scheduler.sleep(custody, dice.between(50, UNAWARE_MS_MAX));
    tell(() => `${holder.owner.name} notices that shard ${shard} is not its own`);
    await this.#letGo(shard, holder);
    this.#unaware[shard]?.delete(holder);
  }

  async #letGo(shard: number, life: Life): Promise<void> {
    if (!life.owner.alive) return;
    const died = new Promise<void>((resolve) => life.mourners.add(resolve));
    await Promise.race([life.lose(shard), died]);
  }

  /** Whoever still lets go of the shard is not asked to take it. */
  #candidates(shard: number): readonly Life[] {
    const unaware = this.#unaware[shard];
    return this.#processes.flatMap(({ life }) => (life === undefined || unaware?.has(life) === true ? [] : [life]));
  }

  #give(shard: number, life: Life): Life {
    this.#ground.tell(() => `shard ${shard} is served by ${life.owner.name}`);
    this.#holders[shard] = life;
    this.#terms[shard] = (this.#terms[shard] ?? 0) + 1;
    life.gain(shard);
    return life;
  }
}
