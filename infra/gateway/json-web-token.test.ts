/** Tokens as others make and read them: jose, which many platforms sign theirs with. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { jwtVerify, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { jsonWebTokens } from './json-web-token.ts';

const secret = randomBytes(32);
const { sign, claimsOf } = jsonWebTokens(secret);
const claims = { sub: '李雷', role: 'visitor', tenant: 'acme', exp: 4_102_444_800 };
/** What is signed, and the bytes of the signature. */
const partsOf = (token: string): string => {
  const end = token.lastIndexOf('.');
  return `${token.slice(0, end)}.${Buffer.from(token.slice(end + 1), 'base64url').toString('hex')}`;
};
const theirs = (header: { readonly crit?: string[] } & Readonly<Record<string, unknown>> = {}): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header }).sign(secret, { crit: { b64: true } });

test('what is signed here is read elsewhere', async () => {
  const { payload, protectedHeader } = await jwtVerify(sign(claims), secret);
  expect(payload).toEqual(claims);
  expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
});

test('what is signed elsewhere is read here', async () => {
  for (const header of [{}, { typ: 'JWT' }, { kid: 'blue', typ: 'at+jwt' }])
    expect(claimsOf(await theirs(header))).toEqual(claims);
});

test('a header that asks for more than is understood is refused', async () => {
  expect(claimsOf(await theirs({ b64: true, crit: ['b64'] }))).toBeUndefined();
});

test('a token is none with any one character changed, left out or added', () => {
  const token = sign(claims);
  const anywhere = fc.nat(token.length - 1);
  const written = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ '.split(''));
  fc.assert(
    fc.property(anywhere, written, fc.constantFrom(0, 1), (at, character, left) => {
      const other = token.slice(0, at) + character + token.slice(at + left);
      // The last character of a signature has two bits that stand for nothing.
      fc.pre(partsOf(other) !== partsOf(token));
      expect(claimsOf(other)).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
  for (let at = 0; at < token.length; at++) expect(claimsOf(token.slice(0, at) + token.slice(at + 1))).toBeUndefined();
});
