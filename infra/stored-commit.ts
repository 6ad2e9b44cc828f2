/** A message of the log as a commit with its place, whatever the log is made of. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { sayFlaws } from '../events/codec.ts';
import { decodeCommit, type Stored } from '../events/commit.ts';

/** What the log holds at a position is no commit. Names the place and the broken rule, never what is written there. */
export class UnreadableCommit extends Error {
  override readonly name = 'UnreadableCommit';

  constructor(log: string, position: number, rule: string) {
    super(`${log} holds something else than a commit at position ${position}: ${rule}`);
  }
}

export interface Place {
  /** The stream's or store's name. */
  readonly log: string;
  readonly position: number;
  readonly tenant: string;
  /** The session that the log files it under, where it does. */
  readonly session?: string;
}

/** Throws {@link UnreadableCommit}. */
export const storedCommit = (place: Place, body: string): Stored => {
  const decoded = decodeCommit(body);
  if (isLeft(decoded)) throw new UnreadableCommit(place.log, place.position, sayFlaws(decoded.left));
  const commit = decoded.right;
  if (place.session !== undefined && commit.session !== place.session)
    throw new UnreadableCommit(place.log, place.position, 'session: expected the one it is filed under');
  return { tenant: place.tenant, position: place.position, commit };
};
