/** A running server's knowledge base, over HTTP, for commands that read or change it. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { decode, struct, text } from '../../../events/codec.ts';
import { isName } from '../../../events/names.ts';
import { systemClock } from '../../clock.ts';
import { readConfig } from '../../config.ts';
import { Tokens } from '../../gateway/tokens.ts';
import { pause } from '../../pause.ts';
import { makeSecret, secretBytes } from '../../secret.ts';
import { WrongUsage } from '../exit.ts';

export interface ServerOptions {
  readonly url?: string;
  readonly token?: string;
  readonly tenant: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The problem's own sentence, or the status where there is none. */
  readonly trouble: string;
}

export interface Server {
  readonly url: string;
  readonly send: (method: string, path: string, body?: unknown) => Promise<Answer>;
}

const TRIES_MAX = 6;
const RETRY_MS = 250;
const ANSWER_WITHIN_MS = 30_000;
const TOKEN_TTL_SECONDS = 3_600;
/** Worth another try: the server is restarting, busy, or not sure whether the change is stored. */
const PASSING = new Set([429, 502, 503, 504]);
const ProblemDetail = struct({ detail: text(2_000) });

/** Where no token is given, one is signed with the key of this machine's settings, as `kefu token` does. */
export const serverOf = async (options: ServerOptions): Promise<Server> => {
  if (!isName(options.tenant)) throw new WrongUsage('--tenant: expected 1 to 64 characters of A-Z a-z 0-9 _ -');
  const config = readConfig();
  const url = (
    options.url ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`
  ).replace(/\/$/, '');
  if (!/^https?:\/\/[^\s/]+/.test(url))
    throw new WrongUsage('--url: expected an address such as http://127.0.0.1:8080');
  const token = options.token ?? ownToken(config.secret ?? (await makeSecret(config.dataDir)), options.tenant);
  return { url, send: (method, path, body) => sendPatiently(url, token, method, path, body) };
};

const ownToken = (secret: string, tenant: string): string =>
  new Tokens(secretBytes(secret), systemClock).sign(
    { role: 'admin', sub: 'kefu-kb', tenant, sid: undefined },
    TOKEN_TTL_SECONDS,
  );

const sendPatiently = async (
  url: string,
  token: string,
  method: string,
  path: string,
  body: unknown,
): Promise<Answer> => {
  for (let attempt = 1; ; attempt++) {
    const answer = await sendOnce(url, token, method, path, body);
    if (attempt === TRIES_MAX || !(answer.status === 0 || PASSING.has(answer.status))) return answer;
    await pause(RETRY_MS * attempt, new AbortController().signal);
  }
};

/** Status 0 where no answer came. */
const sendOnce = async (url: string, token: string, method: string, path: string, body: unknown): Promise<Answer> => {
  try {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answered: unknown = await response.json().catch(() => undefined);
    const problem = decode(ProblemDetail, answered);
    const trouble = isLeft(problem) ? `status ${response.status}` : problem.right.detail;
    return { status: response.status, body: answered, trouble };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
    return { status: 0, body: undefined, trouble: `no answer from ${url} (${why})` };
  }
};
