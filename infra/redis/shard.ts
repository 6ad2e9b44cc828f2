/** One shard of the views: asks Redis under the generation it last saw, and again under the one it finds. */
import type { RedisClient } from './connect.ts';
import { headKey, Keys } from './keys.ts';
import type { Script } from './script.ts';
import { scripts } from './scripts.ts';
import type { ScriptArguments } from './write-batch.ts';

/** A shard's generation changes when it is cleared; more often than this in a row is no accident. */
const ATTEMPTS_MAX = 5;

/** What a script answered, after generation and checkpoint; nothing for a shard that is empty. */
export interface ShardAnswer {
  readonly checkpoint: number;
  readonly parts: readonly unknown[];
}

export class Shard {
  readonly number: number;
  readonly #client: RedisClient;
  #generation = '';
  #keys: Keys;

  constructor(number: number, client: RedisClient) {
    this.number = number;
    this.#client = client;
    this.#keys = new Keys(number, '');
  }

  /** The generation last seen; '' before the first look. */
  get generation(): string {
    return this.#generation;
  }

  /** The names of the generation last seen. */
  get keys(): Keys {
    return this.#keys;
  }

  /** Runs a reading script. */
  async read(script: Script, prepare: (keys: Keys, generation: string) => ScriptArguments): Promise<ShardAnswer> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const asked = this.#generation;
      const { keys, keysAndArguments } = prepare(this.#keys, asked);
      const [generation, checkpoint, ...parts] = (await script.run(this.#client, keys, keysAndArguments)) as Answer;
      if (generation === '') return { checkpoint: 0, parts: [] };
      if (generation === asked) return { checkpoint: Number(checkpoint), parts };
      this.#see(generation);
    }
    throw new Error(`shard ${this.number} of the views is cleared again and again`);
  }

  /** Runs the write script; `undefined` when it has written, else the checkpoint it found. */
  async write(
    expected: number,
    prepare: (keys: Keys, generation: string) => ScriptArguments,
  ): Promise<number | undefined> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const { keys, keysAndArguments } = prepare(this.#keys, this.#generation);
      const answer = (await scripts.write.run(this.#client, keys, keysAndArguments)) as Answer | 1;
      if (answer === 1) return undefined;
      const [generation, checkpoint] = answer;
      if (generation !== '') this.#see(generation);
      if (Number(checkpoint) !== expected) return Number(checkpoint);
    }
    throw new Error(`shard ${this.number} of the views is cleared again and again`);
  }

  /** 0 for a shard that holds nothing. */
  async checkpoint(): Promise<number> {
    const head = await this.#client.get(headKey(this.number));
    if (head === null) return 0;
    const [generation = '', checkpoint = '0'] = head.split(' ');
    this.#see(generation);
    return Number(checkpoint);
  }

  #see(generation: string): void {
    if (generation === this.#generation) return;
    this.#generation = generation;
    this.#keys = new Keys(this.number, generation);
  }
}

type Answer = readonly [generation: string, checkpoint: string, ...parts: unknown[]];
