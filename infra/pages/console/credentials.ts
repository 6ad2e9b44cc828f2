/** Who is signed in: by development mode's code, or by a token of the platform's. Kept for this tab only. */
import { KefuRefusal } from '../../client/index.ts';
import { readStored, writeStored } from '../chat/language.ts';

export interface Credentials {
  readonly token: string;
  readonly sub: string;
  readonly role: string;
  readonly tenant: string;
  /** What it was exchanged for; with it, one can sign in under another name. */
  readonly code?: string;
}

const KEY = 'kefu.credentials';
const NAME_KEY = 'kefu.name';
const tab = (): Storage => sessionStorage;

/**
 * Reads `#code=…` (and `&name=…`) from the address, where it must not stay: an address is copied, synchronised, and looked
 * at over shoulders.
 */
export const takeCode = (): { readonly code: string; readonly name: string | undefined } | undefined => {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const code = fragment.get('code');
  if (code === null) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  return { code, name: fragment.get('name') ?? readStored(NAME_KEY) ?? undefined };
};

/** Rejects with KefuRefusal, or with what `fetch` rejects with. */
export const signInWithCode = async (code: string, name: string | undefined): Promise<Credentials> => {
  const response = await fetch('/v1/signin', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, ...(name === undefined ? {} : { sub: name }) }),
  });
  if (!response.ok) throw await refusalOf(response);
  if (name !== undefined) writeStored(NAME_KEY, name);
  return keep({ ...((await response.json()) as Credentials), code });
};

/** Rejects with KefuRefusal when the server does not take the token. */
export const signInWithToken = async (token: string): Promise<Credentials> => {
  await checkToken(token);
  const claims = claimsOf(token);
  const said = (name: string, otherwise: string): string => {
    const value = claims[name];
    return typeof value === 'string' ? value : otherwise;
  };
  return keep({ token, sub: said('sub', ''), role: said('role', ''), tenant: said('tenant', 'default') });
};

/** Resolves when the server takes the token. Rejects like {@link signInWithToken}. */
export const checkToken = async (token: string): Promise<void> => {
  const response = await fetch('/v1/sessions?limit=1', { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw await refusalOf(response);
};

export const keptCredentials = (): Credentials | undefined => {
  try {
    return (JSON.parse(readStored(KEY, tab) ?? 'null') as Credentials | null) ?? undefined;
  } catch {
    return undefined;
  }
};

export const forgetCredentials = (): void => writeStored(KEY, null, tab);

const keep = (credentials: Credentials): Credentials => {
  writeStored(KEY, JSON.stringify(credentials), tab);
  return credentials;
};

const refusalOf = async (response: Response): Promise<KefuRefusal> => {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; reason?: string; detail?: string };
  const { code = 'unavailable', reason, detail } = problem;
  return new KefuRefusal({ code, reason, message: detail ?? `the server answered with status ${response.status}` });
};

/** What a token says of its bearer. Whether it is true is the server's to judge. */
const claimsOf = (token: string): Readonly<Record<string, unknown>> => {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return {};
  }
};
