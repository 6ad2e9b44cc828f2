/** A row of the HTTP contract: what it takes, who may call it, what it answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as t from 'io-ts';
import type { Constrained } from '../../../events/codec.ts';
import type { Utf8 } from '../../../events/encoding/utf8.ts';
import type { TokenRole } from '../../../events/names.ts';
import type { Principal } from '../principal.ts';
import type { Problem } from '../problem.ts';

export interface Call<Q = unknown, B = unknown> {
  readonly request: IncomingMessage;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Q;
  readonly body: B;
  /** `undefined` only on routes that anyone may call. */
  readonly principal: Principal | undefined;
  /** The peer's address. */
  readonly address: string;
}

export type Reply =
  | { readonly _tag: 'Json'; readonly status: number; readonly body: unknown }
  | {
      readonly _tag: 'Text';
      readonly status: number;
      readonly type: string;
      readonly body: string | Buffer;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly _tag: 'EncodedJson'; readonly body: Utf8 }
  | { readonly _tag: 'Problem'; readonly problem: Problem }
  /** Writes to the response itself, from the headers on. */
  | { readonly _tag: 'Stream'; readonly write: (response: ServerResponse) => Promise<void> };

export interface Route<Q = unknown, B = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `:name` for a segment that is a {@link Name}, unless `params` says otherwise. */
  readonly path: string;
  readonly summary: string;
  /** `anyone` needs no token, and a token sent all the same must be good. */
  readonly who: 'anyone' | readonly TokenRole[];
  readonly params?: Readonly<Record<string, Constrained<string>>>;
  readonly query?: t.Decoder<unknown, Q>;
  readonly body?: t.Decoder<unknown, B>;
  /** The body of a good answer, for the specification; none where it is not JSON. */
  readonly answers?: t.Mixed;
  readonly answer: (call: Call<Q, B>) => Promise<Reply> | Reply;
}

/** Lets routes with different queries and bodies stand in one table. */
export const route = <Q, B>(definition: Route<Q, B>): Route => definition as unknown as Route;

/** Tokens are bearers' own and no cookie is ever read, so that any site may call. */
export const cors = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after, www-authenticate',
} as const;

export const jsonType = 'application/json; charset=utf-8';

export const json = (status: number, body: unknown): Reply => ({ _tag: 'Json', status, body });
/** A good answer that is JSON in UTF-8 already. */
export const encodedJson = (body: Utf8): Reply => ({ _tag: 'EncodedJson', body });
export const problem = (each: Problem): Reply => ({ _tag: 'Problem', problem: each });

export const everyRole: readonly TokenRole[] = ['visitor', 'agent', 'analyst', 'service', 'admin'];
export const staff: readonly TokenRole[] = ['agent', 'analyst', 'service', 'admin'];
export const writers: readonly TokenRole[] = ['visitor', 'agent', 'service', 'admin'];
