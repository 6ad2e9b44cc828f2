/** Opening a session, for HTTP and the socket alike: whose it is, which id it gets, and the visitor's token for it. */
import { createHmac } from 'node:crypto';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { Ask } from '../../actors/decide.ts';
import { askSession } from '../../actors/sessions.ts';
import type { Person } from '../../events/facts.ts';
import type { Metadata } from '../../events/metadata.ts';
import type { Principal } from './principal.ts';
import { type Problem, problemOf, unavailable } from './problem.ts';
import type { Service } from './service.ts';

export interface Opening {
  /** `undefined` for an anonymous visitor. */
  readonly principal: Principal | undefined;
  readonly clientId: string | undefined;
  readonly visitor: { readonly id?: string; readonly name?: string } | undefined;
  readonly locale: string | undefined;
  readonly metadata: Metadata | undefined;
}

export interface Opened {
  readonly tenant: string;
  readonly session: string;
  readonly seq: number;
  readonly at: number;
  readonly repeated: boolean;
  readonly visitorId: string;
}

export const ANONYMOUS_TENANT = 'default';
/** How long the token of an opened session is good for, in seconds. */
export const VISITOR_TTL_SECONDS = 24 * 60 * 60;

export const openSession = async (service: Service, opening: Opening): Promise<Either<Problem, Opened>> => {
  const { principal, visitor, locale, metadata } = opening;
  if (principal?.sid !== undefined)
    return left({
      code: 'forbidden',
      reason: 'bound_token',
      message: 'this token is bound to one session and opens no other',
    });
  const tenant = principal?.tenant ?? ANONYMOUS_TENANT;
  const key = idempotencyKey(opening);
  const fresh = service.world.freshId();
  if (isLeft(fresh)) return left(unavailable('no ids can be issued right now; try again shortly'));
  const session = key === undefined ? fresh.right : derivedId(service.secret, tenant, principal?.sub, key);
  const visitorId = visitor?.id ?? (principal?.role === 'visitor' ? principal.sub : `v-${session}`);
  if (principal === undefined && visitor?.id !== undefined)
    return left({
      code: 'forbidden',
      reason: 'anonymous',
      message: 'an anonymous visitor gets an id; visitor.id needs a token',
    });
  const by: Person =
    principal === undefined ? { role: 'visitor', id: visitorId } : { role: principal.role, id: principal.sub };
  const ask: Ask = {
    by,
    clientId: opening.clientId ?? fresh.right,
    command: {
      type: 'OpenSession',
      visitor: { id: visitorId, ...(visitor?.name === undefined ? {} : { name: visitor.name }) },
      ...(locale === undefined ? {} : { locale }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(Object.keys(service.deadlines).length === 0 ? {} : { deadlines: service.deadlines }),
    },
  };
  const answer = await askSession(service.sessions, { tenant, session }, ask);
  if (isLeft(answer)) return left(problemOf(answer.left));
  const { seq, at, repeated } = answer.right;
  return right({ tenant, session, seq, at, repeated, visitorId });
};

/** The visitor's own token, bound to the session. */
export const visitorToken = (service: Service, { tenant, session, visitorId }: Opened): string =>
  service.tokens.sign({ sub: visitorId, role: 'visitor', tenant, sid: session }, VISITOR_TTL_SECONDS);

/**
 * The client id, where it may stand for the session. Whoever knows an anonymous visitor's client id is given that visitor's
 * token again, so that one which could be guessed opens a new session each time.
 */
const idempotencyKey = ({ principal, clientId }: Opening): string | undefined =>
  clientId !== undefined && (principal !== undefined || isUnguessable(clientId)) ? clientId : undefined;

/** Least random bits of an anonymous client id. */
const RANDOM_BITS_MIN = 128;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const RANDOM_UUID_VERSION = '4';
/** Fewer different distances between one character and the next than this are a pattern, such as counting. */
const STEPS_MIN = 8;

/**
 * Whether an id has the form of 128 random bits: a random UUID, at least 32 hexadecimal digits, or at least 22 characters of
 * base64 in upper and lower case, and not a pattern.
 */
export const isUnguessable = (clientId: string): boolean => {
  const version = UUID.exec(clientId)?.[1];
  if (version !== undefined && version !== RANDOM_UUID_VERSION) return false;
  const digits = version === undefined ? clientId.replace(/=+$/, '') : clientId.replaceAll('-', '');
  const codes = digits.split('').map((digit) => digit.charCodeAt(0));
  const steps = new Set(codes.slice(1).map((code, at) => code - (codes[at] ?? 0)));
  return digits.length * bitsEach(digits) >= RANDOM_BITS_MIN && steps.size >= STEPS_MIN;
};

const bitsEach = (digits: string): number => {
  if (/^[0-9a-f]+$/i.test(digits)) return 4;
  return /^[A-Za-z0-9_+/-]+$/.test(digits) && /[a-z]/.test(digits) && /[A-Z]/.test(digits) ? 6 : 0;
};

/** The session that somebody with a token opens under this client id. */
export const sessionOpenedAs = (service: Service, { tenant, sub }: Principal, clientId: string): string =>
  derivedId(service.secret, tenant, sub, clientId);

/** The same key gives the same session in every process, without an index; the key cannot be learned from the id. */
const derivedId = (secret: Uint8Array, tenant: string, sub: string | undefined, clientId: string): string => {
  const digest = createHmac('sha256', secret)
    .update(JSON.stringify(['open', tenant, sub ?? null, clientId]))
    .digest('base64url');
  // Not a slice, which would keep all of it in memory for as long as the session.
  return Buffer.from(digest).toString('latin1', 0, 22);
};
