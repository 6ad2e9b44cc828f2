/** What goes wrong, as clients see it: `application/problem+json` (RFC 9457) on HTTP, a `refused` frame on the socket. */
import { type Refusal, reasonOf, sayRefusal } from '../../events/refusals.ts';

export type Code =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'refused'
  | 'id_reused'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

export interface Problem {
  readonly code: Code;
  /** The rule, for `refused`; a stable word. */
  readonly reason?: string;
  /** One sentence for people. */
  readonly message: string;
  /** Seconds after which another try makes sense. */
  readonly retryAfterSeconds?: number;
}

export const statusOf: Readonly<Record<Code, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  refused: 409,
  id_reused: 409,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
};

const titleOf: Readonly<Record<Code, string>> = {
  invalid: 'The request breaks a rule',
  unauthenticated: 'Who is asking is not known',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  refused: 'The state does not allow it',
  id_reused: 'The client id was used for another command',
  too_large: 'Too large',
  rate_limited: 'Too many requests',
  internal: 'The server made a mistake',
  unavailable: 'Unavailable right now',
};

/** The body of an error answer. */
export const problemBody = ({ code, reason, message }: Problem): Record<string, unknown> => ({
  type: 'about:blank',
  title: titleOf[code],
  status: statusOf[code],
  detail: message,
  code,
  ...(reason === undefined ? {} : { reason }),
});

export const invalid = (message: string): Problem => ({ code: 'invalid', message });
export const notFound: Problem = { code: 'not_found', message: 'there is no such session' };
export const unavailable = (message: string): Problem => ({ code: 'unavailable', message, retryAfterSeconds: 1 });

export const problemOf = (refusal: Refusal): Problem => {
  const message = sayRefusal(refusal);
  const reason = reasonOf(refusal);
  switch (refusal._tag) {
    case 'UnknownSession':
      return notFound;
    case 'RoleMayNot':
    case 'NotYourSession':
      return { code: 'forbidden', reason, message };
    case 'IdReused':
      return { code: 'id_reused', reason, message };
    case 'Unavailable':
      return unavailable(message);
    case 'NotInThisState':
    case 'AlreadyAssigned':
    case 'NotTheAssignee':
    case 'StaleReply':
    case 'NoSuchChoice':
    case 'NotThatFarYet':
    case 'IdTooOld':
    case 'NotDue':
    case 'SessionFull':
      return { code: 'refused', reason, message };
  }
};
