/** What the client needs of a WebSocket: browsers' own, Node's from version 22 on, and the `ws` package all have it. */

export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;

/** The wire contract's subprotocol, as `events/frames.ts` has it; not imported, because that brings io-ts along. */
export const SUBPROTOCOL = 'kefu.v1';

/** Why the server closes a socket, as `events/frames.ts` has it. */
export const closeCodes = {
  restarting: 1012,
  policy: 1008,
  frameTooLarge: 1009,
  tokenExpired: 4401,
  slowReader: 4408,
  flooding: 4429,
} as const;

/** The given constructor, else the platform's. Throws where there is none. */
export const socketConstructor = (given: SocketConstructor | undefined): SocketConstructor => {
  const found = given ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket;
  if (found === undefined) {
    throw new Error(
      "This platform has no WebSocket of its own (Node has one from version 22 on). Install the package ws and pass it: import { WebSocket } from 'ws'; connectKefu({ …, WebSocket })",
    );
  }
  return found;
};
