/** Tokens as any platform would make them: RFC 7515 by hand, so that wrong ones can be made as easily as right ones. */
import { createHmac } from 'node:crypto';
import type { TokenRole } from '../../events/names.ts';

export interface Claims {
  readonly sub?: unknown;
  readonly role?: unknown;
  readonly tenant?: unknown;
  readonly sid?: unknown;
  /** Unix seconds. */
  readonly exp?: unknown;
  readonly nbf?: unknown;
}

export const HOUR_SECONDS = 3_600;

export const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A compact JWS; the signature is always HMAC-SHA-256, whatever the header claims. */
export const signed = (secret: string, claims: Claims, header: Record<string, unknown> = { alg: 'HS256' }): string => {
  const content = `${base64(header)}.${base64(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
};

/** `alg: none`, which RFC 7519 allows and nobody should accept. */
export const unsigned = (claims: Claims): string => `${base64({ alg: 'none' })}.${base64(claims)}.`;

/** The claims of a good token. */
export const claimsOf = (role: TokenRole, sub: string, tenant: string): Claims => ({
  sub,
  role,
  tenant,
  exp: nowSeconds() + HOUR_SECONDS,
});

/** What a token says, without checking it. */
export const readClaims = (token: string): Claims =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims;
