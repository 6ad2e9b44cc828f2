/** The socket's frames, version `kefu.v1`. `type` is the first key of every frame. */
import * as t from 'io-ts';
import type { SeenFact } from './audience.ts';
import { Constrained, integer, struct, tagged, text } from './codec.ts';
import { NamedCommand } from './commands.ts';
import { PAGE_MAX, REMARK_CHARS_MAX, TEXT_CHARS_MAX } from './limits.ts';
import { Metadata } from './metadata.ts';
import { ClientId, Name, PersonId, Status } from './names.ts';

export const SUBPROTOCOL = 'kefu.v1';

/** Why the server closes a socket. */
export const closeCodes = {
  restarting: 1012,
  policy: 1008,
  frameTooLarge: 1009,
  tokenExpired: 4401,
  slowReader: 4408,
  flooding: 4429,
} as const;

const toSession = { id: ClientId, session: Name };

const clientFrames = {
  open: struct(
    { type: t.literal('open'), id: ClientId },
    {
      visitor: struct({}, { id: PersonId, name: text(REMARK_CHARS_MAX) }),
      locale: text(35),
      metadata: Metadata,
    },
  ),
  join: struct({ type: t.literal('join'), ...toSession }, { after: integer(0) }),
  leave: struct({ type: t.literal('leave'), ...toSession }),
  say: struct({ type: t.literal('say'), ...toSession, text: text(TEXT_CHARS_MAX) }),
  do: struct({ type: t.literal('do'), ...toSession, command: NamedCommand }),
  typing: struct({ type: t.literal('typing'), session: Name, on: t.boolean }),
  watch: struct(
    { type: t.literal('watch'), id: ClientId },
    { status: Status, assignee: PersonId, limit: integer(1, PAGE_MAX) },
  ),
  unwatch: struct({ type: t.literal('unwatch'), id: ClientId }),
  history: struct(
    { type: t.literal('history'), ...toSession },
    { before: integer(1), after: integer(0), limit: integer(1, PAGE_MAX) },
  ),
  ping: struct({ type: t.literal('ping') }),
};

export const ClientFrame = tagged('ClientFrame', clientFrames);
export type ClientFrame = t.TypeOf<(typeof clientFrames)[keyof typeof clientFrames]>;
export type ClientFrameOf<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>;

const person = struct({ role: t.string, id: t.string });
/** One message as history gives it. */
export const HistoryMessage = struct({
  seq: integer(1),
  messageId: t.string,
  author: person,
  text: t.string,
  at: integer(0),
});
export type HistoryMessage = t.TypeOf<typeof HistoryMessage>;

const orNull = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC]> => t.union([codec, t.null]);

const sessionKeys = {
  session: Name,
  status: Status,
  assignee: orNull(t.string),
  visitor: struct({ id: t.string }, { name: t.string }),
  seq: integer(1),
  openedAt: integer(0),
  /** When the last message was posted or the state last changed. */
  activeAt: integer(0),
  /** Visitor messages that nobody has answered yet. */
  unanswered: integer(0),
  /** The newest message, its text cut to a line; `null` before the first. */
  lastMessage: orNull(struct({ seq: integer(1), author: person, text: t.string, at: integer(0) })),
};
const sessionExtras = {
  locale: t.string,
  metadata: Metadata,
  closedAt: integer(0),
  score: integer(1, 5),
  /** Nobody has come to the queued visitor in time. */
  overdue: t.boolean,
};

/** A session as the inbox lists it and `GET /v1/sessions/:id` gives it. `score` and `overdue` are for staff. */
export const SessionView = struct(sessionKeys, sessionExtras);
export type SessionView = t.TypeOf<typeof SessionView>;

const seen = new Constrained<SeenFact>(
  'a fact',
  { type: 'object', required: ['type'], properties: { type: { type: 'string' } } },
  (value): value is SeenFact => typeof value === 'object' && value !== null && 'type' in value,
);

const serverFrames = {
  ack: struct(
    { type: t.literal('ack'), id: t.string, session: Name, seq: integer(1), at: integer(0) },
    { messageId: t.string },
  ),
  joined: struct({
    type: t.literal('joined'),
    id: t.string,
    session: Name,
    seq: integer(0),
    status: Status,
    recovered: t.boolean,
    from: integer(1),
  }),
  event: struct({ type: t.literal('event'), session: Name, seq: integer(1), at: integer(0), event: seen }),
  refused: struct(
    { type: t.literal('refused'), id: orNull(t.string), code: t.string, message: t.string },
    { reason: t.string },
  ),
  typing: struct({ type: t.literal('typing'), session: Name, on: t.boolean, author: person }),
  /** `offset`: how many characters of the answer stand before this piece. With 0 it begins, perhaps anew. */
  delta: struct(
    { type: t.literal('delta'), session: Name, basedOn: integer(1), text: t.string },
    { offset: integer(0) },
  ),
  left: struct({ type: t.literal('left'), id: t.string, session: Name }),
  /** After the sessions that match already; from here on `inbox` frames are changes. */
  watching: struct({ type: t.literal('watching'), id: t.string }),
  unwatched: struct({ type: t.literal('unwatched'), id: t.string }),
  /** A session that matches the watch, or matched it until this change. */
  inbox: struct({ type: t.literal('inbox'), id: t.string, ...sessionKeys }, sessionExtras),
  history: struct({
    type: t.literal('history'),
    id: t.string,
    session: Name,
    messages: t.array(HistoryMessage),
    next: orNull(integer(0)),
  }),
  pong: struct({ type: t.literal('pong') }),
};

export const ServerFrame = tagged('ServerFrame', serverFrames);
export type ServerFrame = t.TypeOf<(typeof serverFrames)[keyof typeof serverFrames]>;
export type ServerFrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;
