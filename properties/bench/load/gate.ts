/** The way into a server that is under load: where it is, and tokens signed with its key. */
import type { TokenRole } from '../../../events/names.ts';
import { claimsOf, signed } from '../../contract/tokens.ts';

export interface Gate {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly tenant: string;
  /** Tells the people of one load process from those of another. */
  readonly name: string;
}

export const tokenFor = ({ secret, tenant, name }: Gate, role: TokenRole, sub: string): string =>
  signed(secret, claimsOf(role, `${name}-${sub}`, tenant));
