/** `/v1/sessions`: opening, looking, listing. */
import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { digits, matching, struct, text } from '../../../events/codec.ts';
import { SessionView } from '../../../events/frames.ts';
import { PAGE_DEFAULT, PAGE_MAX, REMARK_CHARS_MAX } from '../../../events/limits.ts';
import { Metadata } from '../../../events/metadata.ts';
import { ClientId, Name, PersonId, Status } from '../../../events/names.ts';
import { openSession, visitorToken } from '../opening.ts';
import { type Principal, readsTenant } from '../principal.ts';
import { invalid, unavailable } from '../problem.ts';
import { Bucket, Buckets } from '../rate.ts';
import type { Service } from '../service.ts';
import { readProblem, viewFor } from './access.ts';
import { everyRole, json, problem, type Route, route } from './route.ts';

const OpenBody = struct(
  {},
  {
    clientId: ClientId,
    visitor: struct({}, { id: PersonId, name: text(REMARK_CHARS_MAX) }),
    locale: text(35),
    metadata: Metadata,
  },
);
/** Activity and session of the last row given; opaque to clients. */
const CURSOR = /^(\d{1,16})\.([A-Za-z0-9_-]{1,64})$/;
const InboxQuery = struct(
  {},
  {
    status: Status,
    assignee: PersonId,
    visitor: PersonId,
    limit: digits(1, PAGE_MAX),
    cursor: matching(CURSOR, 'a cursor as `next` gave it'),
  },
);

export const sessionRoutes = (service: Service): readonly Route[] => {
  const perMinute = service.limits.anonymousSessionsPerAddressPerMinute;
  const addresses = new Buckets((nowMs) => new Bucket(perMinute, 60_000, nowMs));
  return [
    route({
      method: 'POST',
      path: '/v1/sessions',
      summary: 'Open a session. Without a token an anonymous visitor is made; `token` is theirs, bound to the session.',
      who: 'anyone',
      body: OpenBody,
      answers: struct({ session: Name, seq: t.number, token: t.string }),
      answer: async ({ principal, body, address }) => {
        const { clientId, visitor, locale, metadata } = body;
        if (principal === undefined && !addresses.take(address, service.world.monotonicMs()))
          return problem({
            code: 'rate_limited',
            message: 'this address has opened too many sessions in the last minute',
            retryAfterSeconds: Math.max(1, Math.ceil(60 / perMinute)),
          });
        const opened = await openSession(service, { principal, clientId, visitor, locale, metadata });
        if (isLeft(opened)) return problem(opened.left);
        const { session, seq, repeated } = opened.right;
        return json(repeated ? 200 : 201, { session, seq, token: visitorToken(service, opened.right) });
      },
    }),
    route({
      method: 'GET',
      path: '/v1/sessions/:session',
      summary: 'One session; `?at=<seq>` gives it as it was then.',
      who: everyRole,
      query: struct({}, { at: digits(1) }),
      answers: SessionView,
      answer: async ({ principal, params, query }) => {
        const asker = principal as Principal;
        const session = params.session ?? '';
        const ref = { tenant: asker.tenant, session };
        const now = await service.reader.session(ref);
        const refusal = readProblem(asker, session, now);
        if (refusal !== undefined) return problem(refusal);
        if (query.at === undefined || now === undefined) return json(200, now === undefined ? {} : viewFor(asker, now));
        if (query.at > now.seq) return problem(invalid(`at: the session has only come to seq ${now.seq}`));
        const then = await service.reader.session(ref, query.at);
        return json(200, then === undefined ? {} : viewFor(asker, then));
      },
    }),
    route({
      method: 'GET',
      path: '/v1/sessions',
      summary: 'The inbox, newest activity first. A visitor sees sessions of their own.',
      who: everyRole,
      query: InboxQuery,
      answers: struct({ sessions: t.array(SessionView), next: t.union([t.string, t.null]) }),
      answer: async ({ principal, query }) => {
        const asker = principal as Principal;
        const limit = query.limit ?? PAGE_DEFAULT;
        const visitor = readsTenant(asker) ? query.visitor : asker.sub;
        const cursor = query.cursor === undefined ? null : CURSOR.exec(query.cursor);
        const page = await service.reader.inbox({
          tenant: asker.tenant,
          limit: limit + 1,
          ...(query.status === undefined ? {} : { status: query.status }),
          ...(query.assignee === undefined ? {} : { assignee: query.assignee }),
          ...(visitor === undefined ? {} : { visitor }),
          ...(cursor === null ? {} : { before: { activeAt: Number(cursor[1]), session: cursor[2] ?? '' } }),
        });
        if (page === undefined) return problem(unavailable('the inbox is being rebuilt; try again shortly'));
        const rows = page.rows.slice(0, limit);
        const last = rows.at(-1);
        const next = page.rows.length > limit && last !== undefined ? `${last.activeAt}.${last.session}` : null;
        const seen = asker.sid === undefined ? rows : rows.filter((row) => row.session === asker.sid);
        return json(200, { sessions: seen.map((row) => viewFor(asker, row)), next });
      },
    }),
  ];
};
