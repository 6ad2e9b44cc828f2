/** A commit's facts as `event` frames: encoded once for each audience, however many sockets get them. */
import { type Audience, isSeenAlike, seenBy } from '../../../events/audience.ts';
import type { Commit } from '../../../events/commit.ts';
import type { Utf8 } from '../../../projections/utf8.ts';
import { textFrame } from '../websocket/frames-out.ts';

type Frames = { [A in Audience]?: readonly Utf8[] };

/** All who follow a session are told in one turn, one after the other, so that the newest commit's frames are enough to keep. */
let newest: { readonly commit: Commit; readonly frames: Frames } | undefined;

/** One frame for each fact, in order. */
export const eventFrames = (commit: Commit, audience: Audience): readonly Utf8[] => {
  if (newest?.commit !== commit) newest = { commit, frames: {} };
  const { frames } = newest;
  const same = commit.events.every(isSeenAlike) ? (frames.staff ?? frames.visitor) : undefined;
  frames[audience] ??= same ?? encoded(commit, audience);
  return frames[audience];
};

const encoded = (commit: Commit, audience: Audience): readonly Utf8[] =>
  commit.events.map((fact, index) =>
    textFrame(
      JSON.stringify({
        type: 'event',
        session: commit.session,
        seq: commit.seq + index,
        at: commit.at,
        event: seenBy(audience, fact),
      }),
    ),
  );
