/** Tokens for everybody in a play, signed with the server's key. */
import type { TokenRole } from '../../events/names.ts';
import { systemClock } from '../../infra/clock.ts';
import { Tokens } from '../../infra/gateway/tokens.ts';
import { secretBytes } from '../../infra/secret.ts';

const TTL_SECONDS = 3_600;

export class Badges {
  /** Every play has a tenant of its own, so that its events are told from those of a server's other users. */
  readonly tenant: string;
  readonly #tokens: Tokens;

  constructor(secret: string, tenant: string) {
    this.tenant = tenant;
    this.#tokens = new Tokens(secretBytes(secret), systemClock);
  }

  tokenFor(role: TokenRole, sub: string): string {
    return this.#tokens.sign({ role, sub, tenant: this.tenant, sid: undefined }, TTL_SECONDS);
  }
}
