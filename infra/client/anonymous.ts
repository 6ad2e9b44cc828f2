/** Opening a session for a visitor whom nobody has signed in. */
import { httpAddress } from './address.ts';
import { type Ambient, realAmbient } from './ambient.ts';
import { unavailableDelayMs } from './backoff.ts';
import { KefuRefusal } from './errors.ts';

export interface OpenAnonymouslyOptions {
  /** The server's address. */
  readonly url: string;
  /**
   * The same id gives the same session and a fresh token: keep it, and the visitor comes back to the conversation. At least
   * 128 random bits, because whoever knows it can read the conversation. Random when not named.
   */
  readonly clientId?: string;
  readonly visitor?: { readonly name?: string };
  /** A BCP 47 language tag. */
  readonly locale?: string;
  readonly metadata?: Readonly<Record<string, string | number | boolean | null>>;
  /** Clock, chance and timers of a test. */
  readonly ambient?: Ambient;
}

export interface AnonymousSession {
  readonly session: string;
  readonly seq: number;
  /** The visitor's token for `connectKefu`, good for this session only. */
  readonly token: string;
}

/** Tries in all, when the server cannot be reached or is not available. */
const TRIES_MAX = 4;
const TRY_MS = 15_000;

/** Rejects with KefuRefusal, or with what `fetch` rejects with when the server cannot be reached. */
export const openAnonymously = async (options: OpenAnonymouslyOptions): Promise<AnonymousSession> => {
  const { url, ambient = realAmbient, clientId = ambient.randomId(), ...rest } = options;
  const address = `${httpAddress(url)}/v1/sessions`;
  const body = JSON.stringify({ clientId, ...rest });
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await post(address, body, ambient);
    } catch (error) {
      const isLasting = error instanceof KefuRefusal && error.code !== 'unavailable';
      if (isLasting || attempt + 1 >= TRIES_MAX) throw error;
      await new Promise<void>((resolve) => ambient.later(unavailableDelayMs(attempt, ambient), resolve));
    }
  }
};

const post = async (address: string, body: string, ambient: Ambient): Promise<AnonymousSession> => {
  const patience = new AbortController();
  const cancel = ambient.later(TRY_MS, () => patience.abort());
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: patience.signal,
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw refusalOf(response.status, answer);
    return answer as AnonymousSession;
  } finally {
    cancel();
  }
};

/** What a problem document says, as far as whoever stands between has left it whole. */
const refusalOf = (status: number, answer: unknown): KefuRefusal => {
  const problem = (typeof answer === 'object' && answer !== null ? answer : {}) as Readonly<Record<string, unknown>>;
  const said = (key: string): string | undefined => {
    const value = problem[key];
    return typeof value === 'string' ? value : undefined;
  };
  return new KefuRefusal({
    code: said('code') ?? (status >= 500 ? 'unavailable' : 'refused'),
    reason: said('reason'),
    message: said('detail') ?? said('title') ?? `the server answered with status ${status}`,
  });
};
