/** Which slice of the sessions one falls into. Name and count are stored with the log, because both decide the subject. */
import { hash32 } from './hash.ts';

export const SHARD_HASH = 'fnv1a32-avalanche';
export const SHARDS_DEFAULT = 64;
export const SHARDS_MAX = 1024;

export const shardOf = (session: string, shards: number): number => hash32(session) % shards;
