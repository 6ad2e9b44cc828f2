/** `/v1/sessions/:session/messages` and `/commands`: saying, asking, reading back. */
import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Ask, Done } from '../../../actors/decide.ts';
import { askSession } from '../../../actors/sessions.ts';
import { decode, digits, integer, struct, text } from '../../../events/codec.ts';
import { NamedCommand } from '../../../events/commands.ts';
import { HistoryMessage } from '../../../events/frames.ts';
import { invariant } from '../../../events/invariant.ts';
import { PAGE_DEFAULT, PAGE_MAX, TEXT_CHARS_MAX } from '../../../events/limits.ts';
import { ClientId, type SessionRef } from '../../../events/names.ts';
import { encodePage } from '../../../projections/message-page.ts';
import { type Principal, personOf, reaches } from '../principal.ts';
import { invalid, problemOf } from '../problem.ts';
import type { Service } from '../service.ts';
import { notYours, visitorProblem } from './access.ts';
import { encodedJson, everyRole, json, problem, type Reply, type Route, route, writers } from './route.ts';

const next = t.union([integer(0), t.null]);

export const messageRoutes = (service: Service): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/sessions/:session/messages',
    summary: 'Messages by seq, oldest first within a page; with neither `after` nor `before` the latest page.',
    who: everyRole,
    query: struct({}, { after: digits(0), before: digits(1), limit: digits(1, PAGE_MAX) }),
    answers: struct({ messages: t.array(HistoryMessage), next }),
    answer: async ({ principal, params, query }) => {
      const asker = principal as Principal;
      if (query.after !== undefined && query.before !== undefined)
        return problem(invalid('after, before: expected at most one of the two'));
      const session = params.session ?? '';
      if (!reaches(asker, session)) return problem(notYours);
      const page = await service.reader.messages(
        { tenant: asker.tenant, session },
        { ...query, limit: query.limit ?? PAGE_DEFAULT },
      );
      const refusal = visitorProblem(asker, session, page?.visitor);
      if (refusal !== undefined || page === undefined) return problem(refusal ?? notYours);
      return encodedJson(encodePage(page));
    },
  }),
  route({
    method: 'POST',
    path: '/v1/sessions/:session/messages',
    summary: 'Say something. The same `clientId` again gives the same answer.',
    who: writers,
    body: struct({ clientId: ClientId, text: text(TEXT_CHARS_MAX) }),
    answers: struct({ seq: integer(1), messageId: t.string, at: integer(0) }),
    answer: ({ principal, params, body }) =>
      carryOut(service, principal as Principal, params.session ?? '', body.clientId, {
        type: 'PostMessage',
        text: body.text,
      }),
  }),
  route({
    method: 'POST',
    path: '/v1/sessions/:session/commands',
    summary: 'Anything else that can be asked of a session.',
    who: writers,
    body: t.intersection([struct({ clientId: ClientId }), NamedCommand]),
    answers: struct({ seq: integer(1), at: integer(0) }),
    answer: ({ principal, params, body }) =>
      carryOut(service, principal as Principal, params.session ?? '', body.clientId, commandOf(body)),
  }),
];

const carryOut = async (
  service: Service,
  principal: Principal,
  session: string,
  clientId: string,
  command: Ask['command'],
): Promise<Reply> => {
  if (!reaches(principal, session)) return problem(notYours);
  const ref: SessionRef = { tenant: principal.tenant, session };
  const answer = await askSession(service.sessions, ref, { by: personOf(principal), clientId, command });
  if (isLeft(answer)) {
    service.counters.commandsRefused += 1;
    return problem(problemOf(answer.left));
  }
  service.counters.commandsDone += 1;
  return json(answer.right.repeated ? 200 : 201, receiptBody(answer.right));
};

/** Through the codec again, which drops the keys that are not the command's. */
const commandOf = (body: NamedCommand): NamedCommand => {
  const command = decode<NamedCommand>(NamedCommand, body);
  invariant(!isLeft(command), 'a body that was decoded is a command');
  return command.right;
};

const receiptBody = ({ seq, messageId, at }: Done): Record<string, unknown> =>
  messageId === undefined ? { seq, at } : { seq, messageId, at };
