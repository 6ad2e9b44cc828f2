/** Kefu's HTTP side, as a platform's back end uses it: patient with a server that is away for a moment. */
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a request is made again for, while the server cannot be reached or is not able to serve. */
const PATIENCE_MS = 30_000;
const TRY_AGAIN_MS = 50;
const TRY_MS = 10_000;

/** The server has answered with a problem that waiting does not mend. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
}

export class Api {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  get<A>(path: string, token: string): Promise<A> {
    return this.#asked<A>(path, { headers: { authorization: `Bearer ${token}` } });
  }

  /** The body carries a `clientId`, so that asking again is the same asking. */
  post<A>(path: string, token: string, body: { readonly clientId: string }): Promise<A> {
    return this.#asked<A>(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** The lines of an NDJSON answer, as they come. Rejects when it is cut off. */
  async *lines<A>(path: string, token: string): AsyncGenerator<A, void, undefined> {
    const response = await fetch(`${this.#url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok || response.body === null) throw await problemOf(path, response);
    let rest = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as A;
    }
    if (rest !== '') throw new Error(`${path} ended within a line`);
  }

  async #asked<A>(path: string, request: RequestInit): Promise<A> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        const response = await fetch(`${this.#url}${path}`, { ...request, signal: AbortSignal.timeout(TRY_MS) });
        if (response.ok) return (await response.json()) as A;
        if (response.status !== 503 || performance.now() > deadline) throw await problemOf(path, response);
        await response.body?.cancel();
      } catch (error) {
        if (error instanceof ApiProblem || performance.now() > deadline) throw error;
      }
      await sleep(TRY_AGAIN_MS);
    }
  }
}

const problemOf = async (path: string, response: Response): Promise<ApiProblem> =>
  new ApiProblem(`${path} answered ${response.status}: ${await response.text()}`);
