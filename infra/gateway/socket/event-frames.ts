/** A commit's facts as `event` frames: encoded once for each audience, however many sockets get them. */
import { type Audience, isSeenAlike, seenBy } from '../../../events/audience.ts';
import type { Commit } from '../../../events/commit.ts';
import { Said } from '../../../events/encoding/said.ts';
import { type Utf8, utf8 } from '../../../events/encoding/utf8.ts';
import type { Fact } from '../../../events/facts.ts';
import { encodedTextFrame } from '../websocket/frames-out.ts';

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

const encoded = ({ session, seq, at, events }: Commit, audience: Audience): readonly Utf8[] =>
  events.map((fact, index) =>
    encodedTextFrame(
      `{"type":"event","session":"${session}","seq":${seq + index},"at":${at},"event":${encodeSeen(audience, fact)}}` as Utf8,
    ),
  );

const encodeSeen = (audience: Audience, fact: Fact): Utf8 =>
  fact instanceof Said
    ? (`{"type":"MessagePosted",${fact.keys}}` as Utf8)
    : utf8(JSON.stringify(seenBy(audience, fact)));
