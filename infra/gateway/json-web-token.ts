/**
 * JSON Web Tokens (RFC 7519) in compact form, with HS256 and nothing else: whatever other algorithm a token names, it is none
 * of ours. A signature is one hash, taken at once; WebCrypto makes a key and a thread's turn of each, and costs ten times as much.
 */
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

export const signedToken = (claims: Readonly<Record<string, unknown>>, key: KeyObject): string => {
  const content = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${content}.${signatureOf(content, key)}`;
};

/** What a token with this key's signature claims; `undefined` for anything else. */
export const verifiedClaims = (token: string, key: KeyObject): unknown => {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return undefined;
  // Compared as they are written: several texts stand for the same bytes, and only one of them is a signature.
  const [given, expected] = [Buffer.from(signature), Buffer.from(signatureOf(`${header}.${payload}`, key))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return isOurs(parsed(header)) ? parsed(payload) : undefined;
};

const signatureOf = (content: string, key: KeyObject): string =>
  createHmac('sha256', key).update(content).digest('base64url');

/** Extensions that a header calls critical must be understood (RFC 7515, section 4.1.11), and none is here. */
const isOurs = (header: unknown): boolean =>
  typeof header === 'object' && header !== null && 'alg' in header && header.alg === 'HS256' && !('crit' in header);

const parsed = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
};
