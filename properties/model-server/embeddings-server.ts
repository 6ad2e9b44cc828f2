/** A real HTTP server that speaks like one that makes embeddings. Each text points where it is told to, or nowhere. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface EmbeddingsAsked {
  readonly path: string | undefined;
  readonly key: string | undefined;
  readonly input: readonly string[];
  readonly model: string;
}

type Answering = (response: ServerResponse, input: readonly string[]) => void;

export class EmbeddingsServer {
  readonly asked: EmbeddingsAsked[] = [];
  /** Directions in which texts point. */
  readonly vectors = new Map<string, readonly number[]>();
  answer: Answering = (response, input) => this.#answerWell(response, input);
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((request, response) => {
    response.on('error', () => undefined);
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const { input, model } = JSON.parse(text) as { input: string[]; model: string };
      this.asked.push({ path: request.url, key: request.headers.authorization, input, model });
      this.answer(response, input);
    });
  });

  static async start(): Promise<EmbeddingsServer> {
    const server = new EmbeddingsServer();
    server.#server.on('connection', (socket) => {
      server.#sockets.add(socket);
      socket.on('close', () => server.#sockets.delete(socket));
    });
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  /** In another order than asked: the index counts. */
  #answerWell(response: ServerResponse, input: readonly string[]): void {
    const data = input
      .map((text, index) => ({ object: 'embedding', index, embedding: this.vectors.get(text) ?? [] }))
      .reverse();
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ object: 'list', data, model: 'm' }));
  }
}
