/** JSON Web Tokens (RFC 7519) with HS256: made for visitors and by `kefu token`, checked on every request and socket. */
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { errors, jwtVerify, SignJWT } from 'jose';
import { decode, integer, sayFlaws, struct } from '../../events/codec.ts';
import { Name, PersonId, TokenRole } from '../../events/names.ts';
import type { Clock } from '../clock.ts';
import { isExpired, type Principal } from './principal.ts';

export type TokenFlaw = { readonly _tag: 'Expired' } | { readonly _tag: 'Invalid'; readonly rule: string };

const Claims = struct({ sub: PersonId, role: TokenRole, exp: integer(1) }, { tenant: Name, sid: Name });

/** Checked tokens kept, so that a request in a row pays no signature. */
const CHECKED_MAX = 20_000;

export class Tokens {
  readonly #key: Uint8Array;
  readonly #clock: Clock;
  readonly #checked = new Map<string, Principal>();

  constructor(secret: Uint8Array, clock: Clock) {
    this.#key = secret;
    this.#clock = clock;
  }

  /** A token that is good for `ttlSeconds` from now. */
  sign(principal: Omit<Principal, 'exp'>, ttlSeconds: number): Promise<string> {
    const { sub, role, tenant, sid } = principal;
    const exp = Math.floor(this.#clock.now() / 1000) + ttlSeconds;
    return new SignJWT({ role, tenant, ...(sid === undefined ? {} : { sid }) })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(sub)
      .setExpirationTime(exp)
      .sign(this.#key);
  }

  async verify(token: string): Promise<Either<TokenFlaw, Principal>> {
    const known = this.#checked.get(token);
    if (known !== undefined) {
      if (!this.isExpired(known)) return right(known);
      this.#checked.delete(token);
      return left({ _tag: 'Expired' });
    }
    const checked = await this.#check(token);
    if (checked._tag === 'Right') {
      if (this.#checked.size >= CHECKED_MAX) this.#checked.clear();
      this.#checked.set(token, checked.right);
    }
    return checked;
  }

  isExpired(principal: Principal): boolean {
    return isExpired(principal, this.#clock.now());
  }

  async #check(token: string): Promise<Either<TokenFlaw, Principal>> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(this.#clock.now()),
      });
      const claims = decode<t.TypeOf<typeof Claims>>(Claims, payload);
      if (claims._tag === 'Left')
        return left({ _tag: 'Invalid', rule: `the token's claims: ${sayFlaws(claims.left)}` });
      const { sub, role, exp, tenant, sid } = claims.right;
      return right({ sub, role, exp, tenant: tenant ?? 'default', sid });
    } catch (error) {
      if (error instanceof errors.JWTExpired) return left({ _tag: 'Expired' });
      if (error instanceof errors.JWTClaimValidationFailed)
        return left({ _tag: 'Invalid', rule: `the token's claim ${error.claim} is ${error.reason}` });
      return left({ _tag: 'Invalid', rule: 'the token is not a JSON Web Token signed with this server’s key (HS256)' });
    }
  }
}
