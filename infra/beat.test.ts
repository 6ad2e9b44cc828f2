/** A crowd at the door is let in whole before the beat is slept out. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Beat } from './beat.ts';

const CROWD = 20;

test('what a crowd that comes in leads to is done when all of it is in', async () => {
  // The clock stands still, so that the beat is never over.
  const beat = new Beat(() => 0, 1);
  const server = createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: CROWD });
  await once(server, 'listening');
  // The first beat begins with the first task.
  await new Promise<void>((resolve) => beat.soon(resolve));
  let came = 0;
  const done = new Promise<number>((resolve) => {
    server.on('connection', (socket) => {
      onTestFinished(() => void socket.destroy());
      came += 1;
      beat.cameIn();
      if (came === 1) beat.soon(() => resolve(came));
    });
  });
  const { port } = server.address() as AddressInfo;
  for (let index = 0; index < CROWD; index++) {
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
  }
  onTestFinished(() => void server.close());
  expect(await done).toBe(CROWD);
});
