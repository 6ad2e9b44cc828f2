/** A socket's place in a session: joined once, and joined anew by seq, unseen, whenever the session moves elsewhere. */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Sink } from '../../../actors/attach.ts';
import type { Stored } from '../../../events/commit.ts';
import { closeCodes } from '../../../events/frames.ts';
import { notYours } from '../http/access.ts';
import { personOf, reaches } from '../principal.ts';
import { type Problem, problemOf } from '../problem.ts';
import type { Connection } from './connection.ts';
import { eventFrames } from './event-frames.ts';
import type { Rooms } from './rooms.ts';

/** Tries to find a session again after it has moved; each waits as long as finding an owner may take. */
const REJOINS_MAX = 3;

/** Joins, tells the socket, and hands on everything after `after`. The problem, if it cannot be done. */
export const joinSession = async (
  rooms: Rooms,
  connection: Connection,
  id: string,
  session: string,
  after: number,
): Promise<Problem | undefined> => {
  const { service, principal, attachments } = connection;
  if (!reaches(principal, session)) return notYours;
  const most = service.limits.sessionsPerSocket;
  if (most > 0 && attachments.size >= most && !attachments.has(session))
    return { code: 'rate_limited', message: `one socket joins at most ${most} sessions; open another socket` };
  const ref = connection.ref(session);
  const attached = await service.sessions.attach(ref, personOf(principal), after, new SocketSink(connection, session));
  if (isLeft(attached)) return problemOf(attached.left);
  const { seq, status, recovered, from } = attached.right;
  if (!connection.isOpen) {
    attached.right.stop();
    return undefined;
  }
  attachments.get(session)?.stop();
  attachments.set(session, attached.right);
  rooms.enter(ref, connection);
  connection.send({ type: 'joined', id, session, seq, status, recovered, from });
  attached.right.start();
  return undefined;
};

class SocketSink implements Sink {
  readonly #connection: Connection;
  readonly #session: string;

  constructor(connection: Connection, session: string) {
    this.#connection = connection;
    this.#session = session;
  }

  take(commits: readonly Stored[], afterSeq: number): void {
    const connection = this.#connection;
    for (const { commit } of commits) {
      const frames = eventFrames(commit, connection.audience);
      frames.forEach((frame, index) => {
        if (commit.seq + index > afterSeq) connection.write(frame);
      });
    }
  }

  writable(): Promise<void> {
    return this.#connection.writable();
  }

  lost(why: 'slow' | 'unavailable' | 'moved'): void {
    if (why === 'slow') this.#connection.close(closeCodes.slowReader, 'too slow a reader');
    else if (why === 'unavailable') comeBack(this.#connection);
    else void rejoin(this.#connection, this.#session);
  }
}

/** Goes on behind what the socket has been given, wherever the session is now. */
const rejoin = async (connection: Connection, session: string): Promise<void> => {
  const { service, principal, attachments } = connection;
  const before = attachments.get(session);
  for (let attempt = 0; before !== undefined && attempt < REJOINS_MAX; attempt++) {
    const after = before.sentSeq;
    const attached = await service.sessions
      .attach(connection.ref(session), personOf(principal), after, new SocketSink(connection, session))
      .catch(() => undefined);
    const isWanted = connection.isOpen && attachments.get(session) === before;
    if (attached?._tag === 'Right') {
      if (!isWanted) {
        attached.right.stop();
        return;
      }
      if (!attached.right.recovered) {
        attached.right.stop();
        break;
      }
      attachments.set(session, attached.right);
      attached.right.start();
      return;
    }
    if (!isWanted) return;
  }
  if (before !== undefined) comeBack(connection);
};

const comeBack = (connection: Connection): void =>
  connection.close(closeCodes.restarting, 'the session cannot be followed right now; join again');
