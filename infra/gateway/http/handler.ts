/** Takes HTTP requests through the table of routes: who, what, answer. */
import { type IncomingMessage, maxHeaderSize, type RequestListener, type ServerResponse } from 'node:http';
import findMyWay from 'find-my-way';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { decode, sayFlaws } from '../../../events/codec.ts';
import { Name } from '../../../events/names.ts';
import type { Principal } from '../principal.ts';
import { invalid, type Problem, problemBody, statusOf, unavailable } from '../problem.ts';
import type { Service } from '../service.ts';
import { readJson } from './body.ts';
import { type Answered, Outbox } from './outbox.ts';
import { pageAt } from './pages.ts';
import { cors, jsonType, problem, type Reply, type Route } from './route.ts';

const preflight = {
  ...cors,
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '86400',
} as const;

export const httpHandler = (service: Service, routes: readonly Route[], isDraining: () => boolean): RequestListener => {
  // A name that is too long is told so by its rule, rather than not found.
  const router = findMyWay({ maxParamLength: maxHeaderSize });
  for (const each of routes) router.on(each.method, each.path, () => undefined, each);
  const outbox = new Outbox((answered) => {
    send(answered).catch((error: unknown) => {
      service.logger.error({ err: error, path: urlOf(answered.request).path }, 'an answer could not be written');
      answered.response.destroy();
    });
  });
  const replyTo = async (request: IncomingMessage): Promise<Reply> => {
    if (isDraining() && request.method !== 'GET' && request.method !== 'HEAD')
      return problem(unavailable('the server is restarting'));
    try {
      return await answer(service, router, request);
    } catch (error) {
      // Whoever hangs up in the middle of a body is no fault of ours.
      const level = request.errored === null ? 'error' : 'debug';
      service.logger[level]({ err: error, path: urlOf(request).path }, 'a request failed');
      return problem({ code: 'internal', message: 'the server made a mistake; it has been logged' });
    }
  };
  return (request, response) => {
    service.counters.httpRequests += 1;
    if (request.method === 'OPTIONS') {
      response.writeHead(204, preflight).end();
      return;
    }
    void replyTo(request).then((reply) => outbox.add({ request, response, reply }));
  };
};

const answer = async (
  service: Service,
  router: findMyWay.Instance<findMyWay.HTTPVersion.V1>,
  request: IncomingMessage,
): Promise<Reply> => {
  const { path, search } = urlOf(request);
  if (!isDecodable(path)) return problem(invalid('path: expected percent-encoded UTF-8'));
  // What a HEAD is asked for is what a GET would be told; Node leaves the body out.
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const found = router.find(method as findMyWay.HTTPMethod, path);
  if (found === null)
    return (
      (method === 'GET' ? await pageAt(path, request.headers['if-none-match']) : undefined) ??
      problem({ code: 'not_found', message: 'there is nothing at this path with this method' })
    );
  const route = found.store as Route;
  const principal = whoIs(service, request, route);
  if (isLeft(principal)) return problem(principal.left);
  const params = found.params as Record<string, string>;
  const misnamed = Object.keys(params).find((name) => !ruleOf(route, name).is(params[name]));
  if (misnamed !== undefined) return problem(invalid(`${misnamed}: expected ${ruleOf(route, misnamed).name}`));
  const query = decoded(route.query, () => Object.fromEntries(new URLSearchParams(search)));
  if (isLeft(query)) return problem(query.left);
  let body: unknown;
  if (route.body !== undefined) {
    const read = await readJson(request);
    if (isLeft(read)) return problem(read.left);
    const checked = decoded(route.body, () => read.right);
    if (isLeft(checked)) return problem(checked.left);
    body = checked.right;
  }
  const address = request.socket.remoteAddress ?? '';
  return route.answer({ request, params, query: query.right, body, principal: principal.right, address });
};

/** What a segment of the path must be. */
const ruleOf = ({ params }: Route, name: string): typeof Name => params?.[name] ?? Name;

const urlOf = ({ url = '/' }: IncomingMessage): { readonly path: string; readonly search: string } => {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, search: '' } : { path: url.slice(0, mark), search: url.slice(mark + 1) };
};

const isDecodable = (path: string): boolean => {
  if (!path.includes('%')) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
};

const decoded = (codec: Route['query'], read: () => unknown): Either<Problem, unknown> => {
  if (codec === undefined) return right({});
  const result = decode(codec, read());
  return isLeft(result) ? left(invalid(sayFlaws(result.left))) : result;
};

/** The asker, and whether the route is for them. A bad token is refused even where none is needed. */
const whoIs = (service: Service, request: IncomingMessage, { who }: Route): Either<Problem, Principal | undefined> => {
  const header = request.headers.authorization;
  if (header === undefined)
    return who === 'anyone'
      ? right(undefined)
      : left(unauthenticated('this call needs `Authorization: Bearer <token>`'));
  const token = /^Bearer ([^\s]+)$/i.exec(header)?.[1];
  if (token === undefined) return left(unauthenticated('the Authorization header is not of the form `Bearer <token>`'));
  const principal = service.tokens.verify(token);
  if (isLeft(principal))
    return left(unauthenticated(principal.left._tag === 'Expired' ? 'the token has expired' : principal.left.rule));
  return who === 'anyone' || who.includes(principal.right.role)
    ? principal
    : left({
        code: 'forbidden',
        reason: 'role_may_not',
        message: `the role ${principal.right.role} may not make this call`,
      });
};

const unauthenticated = (message: string): Problem => ({ code: 'unauthenticated', message });

const send = async ({ request, response, reply }: Answered): Promise<void> => {
  switch (reply._tag) {
    case 'Json':
      sendText(response, reply.status, jsonType, JSON.stringify(reply.body), cors);
      return;
    case 'EncodedJson':
      response.writeHead(200, { 'content-type': jsonType, 'content-length': reply.body.length, ...cors });
      response.end(reply.body, 'latin1');
      return;
    case 'Text':
      sendText(response, reply.status, reply.type, reply.body, reply.headers);
      return;
    case 'Stream':
      await reply.write(response);
      return;
    case 'Problem': {
      const { code, retryAfterSeconds } = reply.problem;
      // What is left of a body that was refused is not read: the connection cannot be used again.
      const unread = request.complete ? {} : { connection: 'close' };
      sendText(response, statusOf[code], 'application/problem+json', JSON.stringify(problemBody(reply.problem)), {
        ...cors,
        ...unread,
        ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
        ...(code === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
      });
    }
  }
};

const sendText = (
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
};
