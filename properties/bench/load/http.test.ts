import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LoadHttp } from './http.ts';

let server: Server;

beforeEach(async () => {
  server = createServer((request, response) => {
    const body = '页'.repeat(Number(request.url?.slice(1)));
    if (request.url === '/0') response.statusCode = 404;
    if (request.url === '/1') response.write(body);
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const request = (path: number): string => `GET /${path} HTTP/1.1\r\nhost: here\r\n\r\n`;

const answersTo = async (paths: readonly number[], wanted: number): Promise<readonly unknown[]> => {
  const answers: unknown[] = [];
  const { port } = server.address() as AddressInfo;
  let done = (): void => undefined;
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const take = (answer: unknown): void => {
    answers.push(answer);
    if (answers.length === wanted) done();
  };
  const http = await LoadHttp.open('127.0.0.1', port, {
    onAnswer: (status, bytes, start, end) => take([status, bytes.toString('utf8', start, end).length]),
    onClose: take,
  });
  http.send(paths.map(request).join(''));
  await all;
  http.destroy();
  return answers;
};

test('answers come in order, whole, with their status, however many were asked for at once', async () => {
  expect(await answersTo([2, 0, 100_000, 7], 4)).toEqual([
    [200, 2],
    [404, 0],
    [200, 100_000],
    [200, 7],
  ]);
});

test('an answer without a length is no answer', async () => {
  expect(await answersTo([2, 1], 2)).toEqual([[200, 2], 'an answer without a length: HTTP/1.1 200 OK']);
});
