/** A TCP proxy that can do to a connection what networks do. */
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Seen from the client: what it sends is `upstream`, what it gets is `downstream`. */
export type Direction = 'upstream' | 'downstream';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #dropping = new Set<Direction>();
  #isRefusing = false;

  static start(targetPort: number): Promise<TcpProxy> {
    const server = createServer();
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (address === null || typeof address === 'string') reject(new Error('a TCP server has a port'));
        else resolve(new TcpProxy(server, address.port, targetPort));
      });
    });
  }

  private constructor(server: Server, port: number, targetPort: number) {
    this.#server = server;
    this.port = port;
    server.on('connection', (client) => this.#accept(client, targetPort));
  }

  /** Bytes of this direction vanish, while the connection seems to stand. */
  drop(direction: Direction): void {
    this.#dropping.add(direction);
  }

  /** Bytes of this direction wait here. */
  pause(direction: Direction): void {
    for (const pair of this.#pairs) source(pair, direction).pause();
  }

  resume(direction: Direction): void {
    for (const pair of this.#pairs) source(pair, direction).resume();
  }

  /** Every connection breaks at once; new ones are taken, unless `refuse`. */
  cut(): void {
    for (const pair of this.#pairs) end(pair);
    this.#pairs.clear();
  }

  refuse(): void {
    this.#isRefusing = true;
  }

  /** From now on everything passes again, over new connections: what was dropped has torn the old ones. */
  heal(): void {
    if (this.#dropping.size > 0) this.cut();
    this.#dropping.clear();
    this.#isRefusing = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket, targetPort: number): void {
    if (this.#isRefusing) {
      client.destroy();
      return;
    }
    const server = connect(targetPort, '127.0.0.1');
    const pair = { client, server };
    this.#pairs.add(pair);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#pairs.delete(pair);
        end(pair);
      });
    }
    client.on('data', (chunk) => {
      if (!this.#dropping.has('upstream')) server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (!this.#dropping.has('downstream')) client.write(chunk);
    });
  }
}

const source = (pair: Pair, direction: Direction): Socket => (direction === 'upstream' ? pair.client : pair.server);

const end = ({ client, server }: Pair): void => {
  client.destroy();
  server.destroy();
};
