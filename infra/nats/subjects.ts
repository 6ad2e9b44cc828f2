/** Where a session's commits stand in the stream: `kefu.ev.<tenant>.<shard>.<session>`. */
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';

const PREFIX = 'kefu.ev.';

export const subjectOf = (ref: SessionRef, shards: number): string => subjectIn(shardOf(ref.session, shards), ref);

/** The same for a shard that is known. */
export const subjectIn = (shard: number, { tenant, session }: SessionRef): string =>
  `${PREFIX}${tenant}.${shard}.${session}`;

/** What to listen to for the sessions of one tenant or all, in some shards or all. */
export const subjectsOf = (
  tenant: string | undefined,
  only: ReadonlySet<number> | undefined,
  shards: number,
): readonly string[] => {
  const start = `${PREFIX}${tenant ?? '*'}`;
  return only === undefined || only.size === shards
    ? [`${start}.*.*`]
    : Array.from(only, (shard) => `${start}.${shard}.*`);
};

/** The names in a subject of the stream; the stream holds no others. */
export const refOf = (subject: string): SessionRef => {
  const tenantEnd = subject.indexOf('.', PREFIX.length);
  return { tenant: subject.slice(PREFIX.length, tenantEnd), session: subject.slice(subject.lastIndexOf('.') + 1) };
};
