/** As much of a Kefu as a crowd needs, in this process, with a mistake in it: what a benchmark must not take for a result. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { TENANT } from '../stage.ts';
import type { Gate } from './gate.ts';

export const mistakes = [
  'none',
  'never delivered',
  'delivered twice',
  'not in history',
  'never acked',
  'refused',
] as const;
export type Mistake = (typeof mistakes)[number];

export interface PretendServer {
  readonly gate: Gate;
  close(): void;
}

interface Frame {
  readonly type: string;
  readonly id: string;
  readonly session?: string;
  readonly text?: string;
}

/** The message, of those that are said, in which the mistake is made. */
const MISTAKEN = 7;

export const pretendServer = async (mistake: Mistake): Promise<PretendServer> => {
  const joined = new Map<string, WebSocket[]>();
  const histories = new Map<string, string[]>();
  let said = 0;
  const http = createServer((request, response) => {
    const session = /\/v1\/sessions\/([^/]+)\/messages/.exec(request.url ?? '')?.[1] ?? '';
    const texts = histories.get(session) ?? [];
    response.end(JSON.stringify({ messages: texts.map((text, at) => ({ seq: at + 1, text })), next: null }));
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    const send = (to: WebSocket, frame: unknown): void => to.send(JSON.stringify(frame));
    const join = (session: string): void => void joined.set(session, [...(joined.get(session) ?? []), socket]);
    const say = ({ id, session = '', text = '' }: Frame): void => {
      said += 1;
      const is = (which: Mistake): boolean => said === MISTAKEN && mistake === which;
      if (is('refused')) {
        send(socket, { type: 'refused', id, code: 'unavailable', message: 'try again' });
        return;
      }
      if (!is('never acked')) send(socket, { type: 'ack', id, session, seq: said, at: 1 });
      if (!is('not in history')) histories.get(session)?.push(text);
      const event = { type: 'event', session, seq: said, at: 1, event: { type: 'MessagePosted', text } };
      for (const each of joined.get(session) ?? []) {
        if (is('never delivered') && each !== socket) continue;
        send(each, event);
        if (is('delivered twice') && each !== socket) send(each, event);
      }
    };
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as Frame;
      const { type, id, session = `s-${histories.size}` } = frame;
      if (type === 'open') histories.set(session, []);
      if (type === 'open' || type === 'join') {
        join(session);
        send(socket, { type: 'joined', id, session, recovered: true });
      }
      if (type === 'say') say(frame);
      else send(socket, { type: 'ack', id, session, seq: 1, at: 1 });
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    gate: { host: '127.0.0.1', port, secret: 'x'.repeat(32), tenant: TENANT, name: 'crowd' },
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      http.close();
      http.closeAllConnections();
    },
  };
};
