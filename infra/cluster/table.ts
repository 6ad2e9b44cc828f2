/** Who is there, who holds which shard, and who should: pure, from what the ownership bucket says. */
import { hash53 } from '../../events/hash.ts';

export interface Member {
  readonly id: string;
  /** `leaving` members keep what they hold until they have let go of it, and get nothing new. */
  readonly state: 'up' | 'leaving';
}

/** What one process should do now. */
export interface Moves {
  /** Shards to take: nobody holds them, or whoever does is gone. */
  readonly take: readonly number[];
  /** Shards to let go of: somebody else should hold them. */
  readonly release: readonly number[];
}

/**
 * The member that should hold a shard: the one with the highest hash of both names, so that a member that joins or leaves
 * moves only its own share (rendezvous hashing: Thaler and Ravishankar 1998). `undefined` when nobody may.
 */
export const rightfulOwner = (shard: number, members: readonly Member[]): string | undefined => {
  let best: { readonly id: string; readonly score: number } | undefined;
  for (const { id, state } of members) {
    if (state !== 'up') continue;
    const score = hash53(`${id}/${shard}`);
    if (best === undefined || score > best.score || (score === best.score && id > best.id)) best = { id, score };
  }
  return best?.id;
};

/**
 * `holders` says who holds each shard as the bucket has it, `''` where nobody does; `members` are all that count as alive.
 */
export const movesOf = (me: string, holders: readonly string[], members: readonly Member[]): Moves => {
  const alive = new Set(members.map(({ id }) => id));
  const take: number[] = [];
  const release: number[] = [];
  for (const [shard, holder] of holders.entries()) {
    const rightful = balancedOwner(shard, holders.length, members);
    if (holder === me && rightful !== undefined && rightful !== me) release.push(shard);
    else if (rightful === me && holder !== me && !alive.has(holder)) take.push(shard);
  }
  return { take, release };
};

/**
 * Rendezvous hashing alone can leave one of few members with twice the share of another. Shards are dealt in order, each to
 * its best member that has not had its fair share yet; every process deals alike.
 */
const balancedOwner = (shard: number, shards: number, members: readonly Member[]): string | undefined =>
  dealt(shards, members)[shard];

let last: { readonly key: string; readonly owners: readonly (string | undefined)[] } = { key: '', owners: [] };

const dealt = (shards: number, members: readonly Member[]): readonly (string | undefined)[] => {
  const up = members.filter(({ state }) => state === 'up').toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const key = `${shards} ${up.map(({ id }) => id).join(' ')}`;
  if (last.key === key) return last.owners;
  const share = Math.ceil(shards / Math.max(1, up.length));
  const had = new Map<string, number>();
  const owners = Array.from({ length: shards }, (_, shard) => {
    const open = up.filter(({ id }) => (had.get(id) ?? 0) < share);
    const owner = rightfulOwner(shard, open);
    if (owner !== undefined) had.set(owner, (had.get(owner) ?? 0) + 1);
    return owner;
  });
  last = { key, owners };
  return owners;
};
