import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { LoadSocket, type SocketEars, textFrame } from './websocket.ts';

let server: WebSocketServer;
let offered: string | undefined;

beforeEach(async () => {
  server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    verifyClient: ({ req }: { readonly req: IncomingMessage }) => {
      offered = req.headers.authorization;
      return offered !== 'Bearer bad';
    },
  });
  await once(server, 'listening');
});

afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

const silent: SocketEars = { onFrame: () => undefined, onClose: () => undefined };

const enter = (ears: SocketEars, token = 'good'): Promise<LoadSocket> => {
  const { port } = server.address() as AddressInfo;
  return LoadSocket.open({ host: '127.0.0.1', port, path: '/v1/socket', subprotocol: 'kefu.v1', token }, ears);
};

/** Both ends of one connection, and what the client's end has heard. */
const connected = async (): Promise<{
  near: LoadSocket;
  far: WebSocket;
  heard: string[];
  closed: Promise<unknown>;
}> => {
  const heard: string[] = [];
  const arrival = once(server, 'connection') as Promise<[WebSocket]>;
  let onClose: SocketEars['onClose'] = () => undefined;
  const closed = new Promise((resolve) => {
    onClose = (code, reason) => resolve([code, reason]);
  });
  const near = await enter({ onFrame: (bytes, start, end) => heard.push(bytes.toString('utf8', start, end)), onClose });
  const [far] = await arrival;
  return { near, far, heard, closed };
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

const LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 300_000];

describe('a socket for load', () => {
  test('offers protocol and token, and reads frames of every length, however they come in pieces', async () => {
    const { far, heard } = await connected();
    expect(far.protocol).toBe('kefu.v1');
    expect(offered).toBe('Bearer good');
    const texts = LENGTHS.map((length) => '客'.repeat(length / 3).padEnd(length, 'x'));
    for (const text of texts) far.send(text);
    await until(() => heard.length === texts.length);
    expect(heard).toEqual(texts);
  });

  test('sends frames of every length, masked, one by one or several in one write', async () => {
    const { near, far } = await connected();
    const came: string[] = [];
    far.on('message', (data) => came.push((data as Buffer).toString()));
    const texts = LENGTHS.map((length) => '服'.repeat(length / 3));
    for (const text of texts) near.send(textFrame(text));
    expect(texts.map((text) => near.queue(textFrame(text)))).toEqual(texts.map((_, index) => index === 0));
    near.flush();
    near.flush();
    await until(() => came.length === 2 * texts.length);
    expect(came).toEqual([...texts, ...texts]);
  });

  test('answers pings with what they carry', async () => {
    const { far } = await connected();
    const answered = once(far, 'pong') as Promise<[Buffer]>;
    far.ping('are you there');
    expect((await answered)[0].toString()).toBe('are you there');
  });

  test('tells the code with which the server closes, and none when it only goes away', async () => {
    const one = await connected();
    one.far.close(1012, 'restarting');
    expect(await one.closed).toEqual([1012, 'restarting']);
    const other = await connected();
    other.far.terminate();
    expect(await other.closed).toEqual([undefined, '']);
  });

  test('says why it was not let in, and fails on what it cannot read instead of passing over it', async () => {
    await expect(enter(silent, 'bad')).rejects.toThrow('did not switch protocols: HTTP/1.1 401');
    const { far, closed } = await connected();
    far.send(Buffer.from('binary'));
    expect(await closed).toEqual([undefined, '']);
  });
});
