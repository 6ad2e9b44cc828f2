/** JSON Web Tokens (RFC 7519) with HS256: made for visitors and by `kefu token`, checked on every request and socket. */
import { type Either, isLeft, isRight, left, right } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { decode, fraction, integer, sayFlaws, struct } from '../../events/codec.ts';
import { Name, PersonId, TokenRole } from '../../events/names.ts';
import type { Clock } from '../clock.ts';
import { type JsonWebTokens, jsonWebTokens } from './json-web-token.ts';
import { isExpired, type Principal } from './principal.ts';

export type TokenFlaw = { readonly _tag: 'Expired' } | { readonly _tag: 'Invalid'; readonly rule: string };

const Claims = struct(
  { sub: PersonId, role: TokenRole, exp: integer(1) },
  { tenant: Name, sid: Name, nbf: fraction(0, Number.MAX_SAFE_INTEGER) },
);

/** Checked tokens kept, so that a request in a row pays no signature. */
const CHECKED_MAX = 20_000;

export class Tokens {
  readonly #tokens: JsonWebTokens;
  readonly #clock: Clock;
  readonly #checked = new Map<string, Principal>();

  constructor(secret: Uint8Array, clock: Clock) {
    this.#tokens = jsonWebTokens(secret);
    this.#clock = clock;
  }

  /** A token that is good for `ttlSeconds` from now. */
  sign({ sub, role, tenant, sid }: Omit<Principal, 'exp'>, ttlSeconds: number): string {
    const exp = Math.floor(this.#clock.now() / 1000) + ttlSeconds;
    return this.#tokens.sign({ sub, role, tenant, sid, exp });
  }

  verify(token: string): Either<TokenFlaw, Principal> {
    const known = this.#checked.get(token);
    if (known !== undefined) {
      if (!this.isExpired(known)) return right(known);
      this.#checked.delete(token);
      return left({ _tag: 'Expired' });
    }
    const checked = this.check(token);
    if (isRight(checked)) {
      if (this.#checked.size >= CHECKED_MAX) this.#checked.clear();
      this.#checked.set(token, checked.right);
    }
    return checked;
  }

  isExpired(principal: Principal): boolean {
    return isExpired(principal, this.#clock.now());
  }

  /** Verifies it without remembering that: for whoever comes with it once, such as a socket. */
  check(token: string): Either<TokenFlaw, Principal> {
    const claimed = this.#tokens.claimsOf(token);
    if (claimed === undefined)
      return left({ _tag: 'Invalid', rule: 'the token is not a JSON Web Token signed with this server’s key (HS256)' });
    const claims = decode<t.TypeOf<typeof Claims>>(Claims, claimed);
    if (isLeft(claims)) return left({ _tag: 'Invalid', rule: `the token's claims: ${sayFlaws(claims.left)}` });
    const { sub, role, exp, tenant, sid, nbf } = claims.right;
    const principal: Principal = { sub, role, exp, tenant: tenant ?? 'default', sid };
    if (this.isExpired(principal)) return left({ _tag: 'Expired' });
    if (nbf !== undefined && nbf * 1000 > this.#clock.now())
      return left({ _tag: 'Invalid', rule: 'the token is not valid yet' });
    return right(principal);
  }
}
