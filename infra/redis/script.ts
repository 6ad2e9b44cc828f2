/** A script that Redis runs, called by the hash of its text, and with the text where a node does not have it yet. */
import { createHash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';

export type Argument = string | number | Buffer;

/**
 * Not ioredis's own commands for scripts: each of those gets a function of its own to be refused with, and then, for a reason
 * that lies in V8, a third of what is written outlives collections of young garbage until everything is marked.
 */
export class Script {
  readonly #text: string;
  readonly #hash: string;

  constructor(text: string) {
    this.#text = text;
    this.#hash = createHash('sha1').update(text).digest('hex');
  }

  /** The first so many arguments are keys. */
  async run(client: Redis | Cluster, keys: number, keysAndArguments: readonly Argument[]): Promise<unknown> {
    // One argument for all of them: ioredis takes lists apart, and the stack has no room for a long one.
    const all = keysAndArguments as unknown as Argument;
    try {
      return await client.evalsha(this.#hash, keys, all);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(this.#text, keys, all);
    }
  }
}
