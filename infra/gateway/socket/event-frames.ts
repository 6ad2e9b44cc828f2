/** A commit's facts as `event` frames: encoded once for each audience, however many sockets get them. */
import { type Audience, seenBy } from '../../../events/audience.ts';
import type { Commit } from '../../../events/commit.ts';
import { textFrame } from '../websocket/frames-out.ts';

type Frames = { [A in Audience]?: readonly Buffer[] };

const encoded = new WeakMap<Commit, Frames>();

/** One frame for each fact, in order. */
export const eventFrames = (commit: Commit, audience: Audience): readonly Buffer[] => {
  let frames = encoded.get(commit);
  if (frames === undefined) {
    frames = {};
    encoded.set(commit, frames);
  }
  frames[audience] ??= commit.events.map((fact, index) =>
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
  return frames[audience];
};
