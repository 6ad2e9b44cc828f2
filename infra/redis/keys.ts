/**
 * The layout of the views in Redis. The shard is the hash tag of every key, so that a shard's batch and its checkpoint are
 * in one slot of a cluster.
 *
 * | key | type | holds |
 * | --- | --- | --- |
 * | `kefu:{12}` | string | `<generation> <checkpoint>` |
 * | `kefu:{12}:<generation>:r` | hash | `<tenant>/<session>` → the row as JSON |
 * | `kefu:{12}:<generation>:m:<tenant>/<session>` | list | the session's messages as JSON, by seq |
 * | `kefu:{12}:<generation>:<list>` | sorted set | session ids by score; in the list `due` with their tenant |
 *
 * A shard that is cleared goes on under a new generation. What is left of the old one can then be removed at leisure, and
 * whoever is slow to remove it cannot hurt what has been written since.
 */
import type { SessionRef } from '../../events/names.ts';
import type { ListName } from '../../projections/orders.ts';

/** `<tenant>/<session>`. */
export type Ref = string;

export const refOf = ({ tenant, session }: SessionRef): Ref => `${tenant}/${session}`;

/** Every key of the views, as a pattern for SCAN. */
export const EVERY_KEY = 'kefu:{*}*';

export const headKey = (shard: number): string => `kefu:{${shard}}`;

/** The names of one generation of a shard. */
export class Keys {
  readonly head: string;
  readonly rows: string;
  readonly #prefix: string;

  constructor(shard: number, generation: string) {
    this.head = headKey(shard);
    this.#prefix = `${this.head}:${generation}:`;
    this.rows = `${this.#prefix}r`;
  }

  messages(ref: Ref): string {
    return `${this.#prefix}m:${ref}`;
  }

  list(name: ListName): string {
    return `${this.#prefix}${name}`;
  }

  /** What a key of this generation is for: `undefined` for a key that is not of it. */
  read(key: string): KeyUse | undefined {
    if (!key.startsWith(this.#prefix)) return undefined;
    const rest = key.slice(this.#prefix.length);
    if (rest === 'r') return { _tag: 'Rows' };
    return rest.startsWith('m:') ? { _tag: 'Messages', ref: rest.slice(2) } : { _tag: 'List', name: rest };
  }
}

export type KeyUse =
  | { readonly _tag: 'Rows' }
  | { readonly _tag: 'Messages'; readonly ref: Ref }
  | { readonly _tag: 'List'; readonly name: ListName };

/** The shard a key belongs to; `undefined` for a key that is not of the views. */
export const shardOfKey = (key: string): number | undefined => {
  const found = /^kefu:\{(\d+)\}/.exec(key);
  return found === null ? undefined : Number(found[1]);
};
