import type { NatsConnection } from 'nats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NatsServer, startNats } from '../../properties/servers/nats.ts';
import { connectNats } from './connect.ts';
import { listen } from './listen.ts';

let server: NatsServer;
let connection: NatsConnection;

beforeAll(async () => {
  server = await startNats();
  connection = await connectNats({ servers: server.url });
});

afterAll(async () => {
  await connection.close();
  await server.stop();
});

test('a listener that throws is told of, and everybody goes on hearing', async () => {
  const warned = new Promise<Error>((resolve) => {
    process.once('warning', resolve);
  });
  const heard: string[] = [];
  listen(connection, 'a', (message) => void message.json());
  listen(connection, 'b', (message) => heard.push(message.string()));
  connection.publish('a', 'no JSON');
  connection.publish('b', 'still here');
  await connection.flush();
  expect(heard).toEqual(['still here']);
  expect((await warned).name).toBe('SyntaxError');
});

test('where nobody listens, the server’s word on it comes with no body', async () => {
  const status = new Promise<number | undefined>((resolve) => {
    listen(connection, 'answers', ({ data, headers }) => resolve(data.length === 0 ? headers?.code : undefined));
  });
  connection.publish('nobody', '[]', { reply: 'answers' });
  expect(await status).toBe(503);
});
