/** Who is asking, as their token says. */
import type { Audience } from '../../events/audience.ts';
import type { Person } from '../../events/facts.ts';
import type { TokenRole } from '../../events/names.ts';

export interface Principal {
  readonly sub: string;
  readonly role: TokenRole;
  readonly tenant: string;
  /** The one session that a bound visitor token reaches. */
  readonly sid: string | undefined;
  /** Unix seconds. */
  readonly exp: number;
}

export const personOf = ({ role, sub }: Principal): Person => ({ role, id: sub });

export const audienceOf = ({ role }: Principal): Audience => (role === 'visitor' ? 'visitor' : 'staff');

/** `nowMs` are Unix milliseconds. */
export const isExpired = ({ exp }: Principal, nowMs: number): boolean => exp * 1000 <= nowMs;

/** Whether a token may reach this session at all; whose session it is, is judged where that is known. */
export const reaches = (principal: Principal, session: string): boolean =>
  principal.sid === undefined || principal.sid === session;

/** Whoever is not a visitor reads all of their tenant. */
export const readsTenant = ({ role }: Principal): boolean => role !== 'visitor';
