/** Plain HTTP, as a stranger's program would speak it. */
import { expect } from 'vitest';
import { anyText } from './shapes.ts';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  /** The content type. */
  readonly type: string;
  readonly text: string;
  /** The text as JSON, `undefined` where it is none. */
  readonly body: T;
}

export class HttpClient {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, token: string | undefined) {
    this.url = url;
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  get<T>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer<T>> {
    return this.send(path, { headers });
  }

  post<T>(path: string, body: unknown): Promise<Answer<T>> {
    return this.send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async send<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
    const response = await this.open(path, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      type: response.headers.get('content-type') ?? '',
      text,
      body: parsed(text) as T,
    };
  }

  /** The answer with its body still to be read. */
  open(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      ...init,
      headers: { ...this.#headers, ...(init.headers as Record<string, string> | undefined) },
    });
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly reason?: string;
}

/**
 * That an answer is RFC 9457's problem document with this status and stable code. A reason stands beside 403 and 409; which
 * one, where it is named here.
 */
export const expectProblem = (answer: Answer<unknown>, status: number, code: string, reason?: string): ProblemBody => {
  const needsReason = status === 403 || status === 409;
  expect({ status: answer.status, body: answer.body }).toEqual({
    status,
    body: {
      type: anyText,
      title: anyText,
      status,
      detail: anyText,
      code,
      ...(needsReason ? { reason: reason ?? anyText } : {}),
    },
  });
  expect(answer.type).toBe('application/problem+json');
  return answer.body as ProblemBody;
};
