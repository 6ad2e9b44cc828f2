/** Development mode's sign-in: a code, printed at the start, that the console exchanges for a token. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Principal } from './principal.ts';

/** The code of a key: the same in every process that signs with it, and of no use to find the key. */
export const signInCode = (secret: Uint8Array): string =>
  createHmac('sha256', secret).update('sign-in').digest('base64url').slice(0, 22);

/** How long a token from a sign-in code is good for, in seconds. */
export const SIGN_IN_TTL_SECONDS = 8 * 60 * 60;

export class SignIn {
  readonly #code: string | undefined;

  /** Without a code nobody can sign in this way. */
  constructor(code: string | undefined) {
    this.#code = code;
  }

  get enabled(): boolean {
    return this.#code !== undefined;
  }

  /** Whom the code makes its bearer, `undefined` when it is wrong. */
  exchange(code: string, sub: string | undefined): Omit<Principal, 'exp'> | undefined {
    if (this.#code === undefined || !isSame(code, this.#code)) return undefined;
    return { sub: sub ?? 'agent', role: 'agent', tenant: 'default', sid: undefined };
  }
}

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};
