/** The door: one HTTP server with the routes, the pages and the sockets. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Luggage } from '../cluster/siblings.ts';
import type { Handle } from '../handles.ts';
import { metricsRegistry } from '../metrics.ts';
import { eventRoutes } from './http/events.ts';
import { httpHandler } from './http/handler.ts';
import { knowledgeRoutes } from './http/knowledge.ts';
import { messageRoutes } from './http/messages.ts';
import { operationRoutes } from './http/operations.ts';
import type { Route } from './http/route.ts';
import { sessionRoutes } from './http/sessions.ts';
import { specRoutes } from './http/specs.ts';
import type { Service } from './service.ts';
import type { Rooms } from './socket/rooms.ts';
import { Sockets } from './socket/sockets.ts';

/** How long the sockets get to close when the server drains, in milliseconds. */
const DRAIN_SOCKETS_MS = 3_000;

export interface GatewayOptions {
  readonly host: string;
  readonly port: number;
  /** Session actors in memory. */
  readonly actors: () => number;
  /** Positions that the views are behind what is acknowledged here. */
  readonly viewLag: () => number;
}

export class Gateway {
  readonly #server: Server;
  readonly #sockets: Sockets;
  readonly #options: GatewayOptions;
  #draining = false;

  constructor(service: Service, options: GatewayOptions) {
    this.#options = options;
    this.#sockets = new Sockets(service);
    const gauges = { sockets: () => this.#sockets.size, actors: options.actors, viewLag: options.viewLag };
    let registry: Promise<Registry> | undefined;
    const metrics = (): Promise<Registry> => (registry ??= metricsRegistry(service.counters, gauges));
    const routes: readonly Route[] = [
      ...sessionRoutes(service),
      ...messageRoutes(service),
      ...eventRoutes(service),
      ...knowledgeRoutes(service),
      ...operationRoutes(service, metrics, () => this.#draining),
    ];
    const described = [...routes, ...specRoutes(routes)];
    this.#server = createServer(
      { keepAliveTimeout: 65_000 },
      httpHandler(service, described, () => this.#draining),
    );
    this.#server.on('connection', () => service.beat.cameIn());
    this.#server.on('upgrade', (request, raw, head) => this.#sockets.upgrade(request, raw, head));
  }

  /** Shows what the assistant is writing. */
  get rooms(): Pick<Rooms, 'writing'> {
    return this.#sockets.rooms;
  }

  /** Goes on with a socket that another process has accepted. */
  adopt(handle: Handle, luggage: Luggage): void {
    this.#sockets.adopt(handle, luggage);
  }

  /** Resolves with the address to reach it. Rejects with the system's error, such as `EADDRINUSE`. */
  listen(): Promise<string> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port, backlog: 4096 }, () => {
        this.#server.off('error', reject);
        const { address, port: bound, family } = this.#server.address() as AddressInfo;
        resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
      });
    });
  }

  /** From here on `/readyz` says 503, and nothing new is taken on; what was taken on is still answered. */
  startDraining(): void {
    this.#draining = true;
    this.#sockets.startDraining();
  }

  /** Closes every socket with 1012 and the server behind them. */
  async close(): Promise<void> {
    this.#draining = true;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    await this.#sockets.drain(DRAIN_SOCKETS_MS);
    // What was answered last leaves at the end of its turn.
    await new Promise((resolve) => setImmediate(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}
