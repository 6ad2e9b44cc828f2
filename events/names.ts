/** Names that appear in subjects, keys and paths. */
import * as t from 'io-ts';
import { matching, text } from './codec.ts';
import { CLIENT_ID_CHARS_MAX, PERSON_ID_CHARS_MAX } from './limits.ts';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

export const Name = matching(NAME, '1 to 64 characters of A-Z a-z 0-9 _ -');
export const isName = (value: string): boolean => NAME.test(value);

/** A person's id: a token's `sub`. */
export const PersonId = text(PERSON_ID_CHARS_MAX);
/** A client's own id for one of its commands. */
export const ClientId = text(CLIENT_ID_CHARS_MAX);

/** Who may ask. `assistant` and `system` are Kefu's own and no token may carry them. */
export const roles = ['visitor', 'agent', 'analyst', 'admin', 'service'] as const;
export const TokenRole = t.keyof({ visitor: null, agent: null, analyst: null, admin: null, service: null });
export type TokenRole = t.TypeOf<typeof TokenRole>;

export const Role = t.keyof({
  visitor: null,
  agent: null,
  analyst: null,
  admin: null,
  service: null,
  assistant: null,
  system: null,
});
export type Role = t.TypeOf<typeof Role>;

/** One conversation: the tenant that owns it, and its id within that tenant. */
export interface SessionRef {
  readonly tenant: string;
  readonly session: string;
}

/** `assistant` and `queued` wait for an answer, `assigned` has a person, `closed` is over. */
export const Status = t.keyof({ assistant: null, queued: null, assigned: null, closed: null });
export type Status = t.TypeOf<typeof Status>;
export const statuses: readonly Status[] = ['assistant', 'queued', 'assigned', 'closed'];
