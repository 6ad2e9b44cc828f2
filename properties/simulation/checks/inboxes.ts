/** Every line of an inbox is one that the log gives, and none misses what the process itself had acknowledged. */
import { isDeepStrictEqual } from 'node:util';
import { lastSeq } from '../../../events/commit.ts';
import { shardOf } from '../../../events/shard.ts';
import { foldRow, type SessionRow } from '../../../projections/session-row.ts';
import type { Stage } from '../disasters.ts';
import type { Ground } from '../ground.ts';
import type { InboxWitness } from '../reads.ts';
import type { Recorder } from '../recorder.ts';
import type { Past } from './check-history.ts';

export const checkInboxes = ({ inboxes, shards }: Stage, { wishes }: Recorder, past: Past, ground: Ground): void => {
  const { session, commits } = past;
  const rows = new Map<number, SessionRow>();
  let row: SessionRow | undefined;
  for (const stored of commits) {
    row = foldRow(row, stored);
    rows.set(lastSeq(stored.commit), row);
  }
  const newestKnown = ({ servedBy, sentAt }: InboxWitness): number =>
    wishes
      .filter((wish) => wish.session === session)
      .flatMap(({ attempts }) => attempts)
      .filter((each) => each.servedBy === servedBy && !each.mayBeOld && (each.answeredAt ?? sentAt) < sentAt)
      .reduce((newest, { answer }) => (answer?._tag === 'Right' ? Math.max(newest, answer.right.seq) : newest), 0);
  for (const inbox of inboxes) {
    const line = inbox.rows.find((each) => each.session === session);
    if (line !== undefined && !isDeepStrictEqual(line, rows.get(line.seq)))
      ground.violated('a rebuild gives the live view', `${session}: ${inbox.servedBy} listed ${JSON.stringify(line)}`);
    const known = inbox.shards.has(shardOf(session, shards)) ? newestKnown(inbox) : 0;
    if ((line?.seq ?? 0) < known)
      ground.violated(
        'an answer holds what was acknowledged before',
        `${session}: ${inbox.servedBy} listed seq ${line?.seq ?? 0} at ${inbox.sentAt}, and had acknowledged ${known}`,
      );
  }
};
