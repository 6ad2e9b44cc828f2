/** The client over a real WebSocket, as the package `ws` and newer Nodes have it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { closeCodes as contractCodes, SUBPROTOCOL as contractProtocol } from '../../events/frames.ts';
import { connectKefu, KefuRefusal, openAnonymously, realAmbient } from './index.ts';
import { closeCodes, SUBPROTOCOL } from './socket.ts';

const listening = async (server: ReturnType<typeof createServer>): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test('says, is cut off, resumes', async () => {
  const http = createServer();
  const url = await listening(http);
  const wss = new WebSocketServer({ server: http, path: '/v1/socket', handleProtocols: () => SUBPROTOCOL });
  const ids: string[] = [];
  let bearer = '';
  wss.on('connection', (socket, request) => {
    bearer = request.headers['sec-websocket-protocol'] ?? '';
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { type: string; id: string; session: string };
      if (frame.type !== 'say') return;
      ids.push(frame.id);
      if (ids.length === 1) socket.terminate();
      else
        socket.send(
          JSON.stringify({ type: 'ack', id: frame.id, session: frame.session, seq: 7, at: 1, messageId: 'm' }),
        );
    });
  });
  const kefu = connectKefu({ url, token: 'a.b.c', WebSocket });
  const ack = await kefu.join('s1', {}).say('hello');
  expect(ack).toEqual({ session: 's1', seq: 7, at: 1, messageId: 'm' });
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
  expect(bearer).toBe('kefu.v1,bearer.a.b.c');
  kefu.close();
  for (const socket of wss.clients) socket.terminate();
});

test('closing while the socket is still connecting is no error', async () => {
  const url = await listening(createServer());
  const kefu = connectKefu({ url, token: 't', WebSocket });
  await new Promise((resolve) => setImmediate(resolve));
  kefu.close();
  expect(kefu.state).toBe('closed');
  await new Promise((resolve) => setTimeout(resolve, 50));
});

test('opens anonymously, again with the same id when the server was not available', async () => {
  const bodies: unknown[] = [];
  const url = await listening(
    createServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => {
        body += data.toString();
      });
      request.on('end', () => {
        bodies.push(JSON.parse(body));
        response.statusCode = bodies.length === 1 ? 503 : 201;
        response.end(
          JSON.stringify(
            bodies.length === 1 ? { code: 'unavailable', detail: 'soon' } : { session: 's', seq: 1, token: 't' },
          ),
        );
      });
    }),
  );
  const ambient = { ...realAmbient, later: (_: number, run: () => void) => realAmbient.later(_ > 10_000 ? _ : 0, run) };
  expect(await openAnonymously({ url, visitor: { name: 'Li' }, ambient })).toEqual({
    session: 's',
    seq: 1,
    token: 't',
  });
  expect(bodies[0]).toEqual(bodies[1]);
  expect(bodies[0]).toMatchObject({
    visitor: { name: 'Li' },
    clientId: expect.stringMatching(/^[\w-]{32}$/) as string,
  });
});

test('an anonymous opening that is refused says why', async () => {
  const url = await listening(
    createServer((_, response) => {
      response.statusCode = 429;
      response.end(JSON.stringify({ code: 'rate_limited', title: 'too many sessions' }));
    }),
  );
  const error: unknown = await openAnonymously({ url }).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(KefuRefusal);
  expect(error).toMatchObject({ code: 'rate_limited', message: 'too many sessions' });
});

test('ids are 192 random bits', () => {
  const ids = Array.from({ length: 1_000 }, () => realAmbient.randomId());
  expect(new Set(ids).size).toBe(1_000);
  expect(new Set(ids.join('')).size).toBe(64);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{32}$/);
});

test('the constants are those of the contract', () => {
  expect(SUBPROTOCOL).toBe(contractProtocol);
  expect(closeCodes).toEqual(contractCodes);
});
