/** What each frame of the contract does. */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Done } from '../../../actors/decide.ts';
import type { Answer } from '../../../actors/session-actor.ts';
import { type Command, mayAsk } from '../../../events/commands.ts';
import { type Utf8, utf8 } from '../../../events/encoding/utf8.ts';
import { type ClientFrame, type ClientFrameOf } from '../../../events/frames.ts';
import { PAGE_DEFAULT, PAGE_MAX } from '../../../events/limits.ts';
import { encodePage } from '../../../projections/message-page.ts';
import { notYours, visitorProblem } from '../http/access.ts';
import { openSession } from '../opening.ts';
import { reaches, readsTenant } from '../principal.ts';
import { invalid, problemOf, unavailable } from '../problem.ts';
import { encodedTextFrame } from '../websocket/frames-out.ts';
import type { Connection } from './connection.ts';
import { tell, type Watch } from './inbox-hub.ts';
import { joinSession } from './joining.ts';
import type { Rooms } from './rooms.ts';

type Handlers = {
  readonly [T in ClientFrame['type']]: (connection: Connection, frame: ClientFrameOf<T>) => void | Promise<void>;
};

export const frameHandlers = (rooms: Rooms): Handlers => {
  const join = async (connection: Connection, { id, session, after }: ClientFrameOf<'join'>): Promise<void> => {
    const refusal = await joinSession(rooms, connection, id, session, after ?? 0);
    if (refusal !== undefined) connection.refuse(id, refusal);
  };
  return {
    ping: (connection) => connection.send({ type: 'pong' }),
    say: (connection, { id, session, text }) => submit(connection, id, session, { type: 'PostMessage', text }),
    do: (connection, { id, session, command }) => submit(connection, id, session, command),
    join,
    leave: (connection, { id, session }) => {
      connection.attachments.get(session)?.stop();
      connection.attachments.delete(session);
      rooms.leave(connection.ref(session), connection);
      connection.send({ type: 'left', id, session });
    },
    open: async (connection, { id, visitor, locale, metadata }) => {
      const { service, principal } = connection;
      const opened = await openSession(service, { principal, clientId: id, visitor, locale, metadata });
      if (isLeft(opened)) {
        connection.refuse(id, opened.left);
        return;
      }
      const { session, seq, at } = opened.right;
      connection.send({ type: 'ack', id, session, seq, at });
      await join(connection, { type: 'join', id, session, after: 0 });
    },
    typing: (connection, { session, on }) => {
      const { role, sub } = connection.principal;
      if (!connection.attachments.has(session) || !mayAsk.PostMessage.includes(role)) return;
      rooms.typing(connection.ref(session), connection, { on, author: { role, id: sub } });
    },
    watch: (connection, frame) => watchInbox(connection, frame),
    unwatch: (connection, { id }) => {
      connection.service.inbox.remove(connection, id);
      connection.send({ type: 'unwatched', id });
    },
    history: async (connection, { id, session, before, after, limit }) => {
      const { service, principal } = connection;
      if (before !== undefined && after !== undefined) {
        connection.refuse(id, invalid('after, before: expected at most one of the two'));
        return;
      }
      const page = reaches(principal, session)
        ? await service.reader.messages(connection.ref(session), {
            limit: limit ?? PAGE_DEFAULT,
            ...(before === undefined ? {} : { before }),
            ...(after === undefined ? {} : { after }),
          })
        : undefined;
      const refusal = visitorProblem(principal, session, page?.visitor);
      if (refusal !== undefined || page === undefined) {
        connection.refuse(id, refusal ?? notYours);
        return;
      }
      const keys = utf8(`"type":"history","id":${JSON.stringify(id)},"session":"${session}",`);
      connection.write(encodedTextFrame(encodePage(page, keys)));
    },
  };
};

/** Hands a command to the session; the ack goes out when the log has stored it. */
const submit = (connection: Connection, id: string, session: string, command: Command): void => {
  const { service, principal } = connection;
  if (!reaches(principal, session)) {
    connection.refuse(id, notYours);
    return;
  }
  service.sessions.submit(
    connection.ref(session),
    { by: connection.person, clientId: id, command },
    (answer: Answer) => {
      if (isLeft(answer)) {
        service.counters.commandsRefused += 1;
        connection.refuse(id, problemOf(answer.left));
        return;
      }
      service.counters.commandsDone += 1;
      connection.write(ackFrame(id, session, answer.right));
    },
  );
};

/** By hand, as one goes out for every message. Nothing in a session's name or a message's id is escaped in JSON. */
const ackFrame = (id: string, session: string, { seq, at, messageId }: Done): Utf8 => {
  const message = messageId === undefined ? '' : `,"messageId":"${messageId}"`;
  const ack = `"type":"ack","id":${utf8(JSON.stringify(id))},"session":"${session}","seq":${seq},"at":${at}${message}`;
  return encodedTextFrame(`{${ack}}` as Utf8);
};

const watchInbox = async (connection: Connection, frame: ClientFrameOf<'watch'>): Promise<void> => {
  const { id, status, assignee, limit } = frame;
  const { service, principal } = connection;
  if (!readsTenant(principal)) {
    connection.refuse(id, { code: 'forbidden', reason: 'role_may_not', message: 'the inbox is for staff' });
    return;
  }
  // Watching begins before reading, so that no change falls between.
  const watch: Watch = { id, connection, status, assignee, told: new Map() };
  service.inbox.remove(connection, id);
  service.inbox.add(watch);
  const page = await service.reader.inbox({
    tenant: principal.tenant,
    limit: limit ?? PAGE_MAX,
    ...(status === undefined ? {} : { status }),
    ...(assignee === undefined ? {} : { assignee }),
  });
  if (page === undefined) {
    service.inbox.remove(connection, id);
    connection.refuse(id, unavailable('the inbox is being rebuilt; try again shortly'));
    return;
  }
  for (const row of page.rows) tell(watch, row);
  watch.told = undefined;
  connection.send({ type: 'watching', id });
};
