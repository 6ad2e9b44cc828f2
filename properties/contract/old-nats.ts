/** What greets as an old nats-server does, and does no more. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

export interface OldNats {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export const oldNats = (version: string): Promise<OldNats> =>
  new Promise((resolve) => {
    const info = { server_id: 'OLD', version, proto: 1, headers: true, max_payload: 1_048_576, jetstream: true };
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(`INFO ${JSON.stringify(info)}\r\n`);
      // Enough of the protocol for a client to believe that it is connected.
      socket.on('data', (chunk) => {
        if (chunk.includes('PING')) socket.write('PONG\r\n');
      });
      server.once('closing', () => socket.destroy());
    });
    server.listen(0, '127.0.0.1', () => {
      resolve({
        url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.emit('closing');
          }),
      });
    });
  });
