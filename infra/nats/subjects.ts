/** Where a session's commits stand in the stream: `kefu.ev.<tenant>.<shard>.<session>`. */
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';

const PREFIX = 'kefu.ev.';

export const subjectOf = ({ tenant, session }: SessionRef, shards: number): string =>
  `${PREFIX}${tenant}.${shardOf(session, shards)}.${session}`;

export const subjectsOfTenant = (tenant: string): string => `${PREFIX}${tenant}.*.*`;

/** The names in a subject of the stream; the stream holds no others. */
export const refOf = (subject: string): SessionRef => {
  const tenantEnd = subject.indexOf('.', PREFIX.length);
  return { tenant: subject.slice(PREFIX.length, tenantEnd), session: subject.slice(subject.lastIndexOf('.') + 1) };
};
