/** A real HTTP server that speaks like a language model's, and does wrong whatever such a server can do wrong. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly body: {
    readonly model: string;
    readonly stream: boolean;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly [key: string]: unknown;
  };
}

/** What the server does with one request. */
export type Behaviour = (turn: Turn) => void | Promise<void>;

/** One request that is being answered. */
export class Turn {
  readonly asked: Asked;
  /** Counts from 1. */
  readonly nth: number;
  readonly #response: ServerResponse;
  #isBegun = false;

  constructor(asked: Asked, nth: number, response: ServerResponse) {
    this.asked = asked;
    this.nth = nth;
    this.#response = response;
  }

  /** Resolves when the other side has gone, or all is said. */
  get closed(): Promise<void> {
    return this.#response.closed ? Promise.resolve() : once(this.#response, 'close').then(() => undefined);
  }

  get isClosed(): boolean {
    return this.#response.closed || this.#response.destroyed;
  }

  /** Sends the headers of a stream. */
  begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    this.#response.flushHeaders();
  }

  say(content: string): void {
    this.raw(event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }));
  }

  /** Whatever bytes. */
  raw(bytes: string | Uint8Array): void {
    this.begin();
    this.#response.write(bytes);
  }

  /** The end as it should be. */
  finish(usage: Readonly<Record<string, number>> = { prompt_tokens: 11, completion_tokens: 7 }, reason = 'stop'): void {
    this.raw(event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] }));
    this.raw(event({ choices: [], usage }));
    this.raw('data: [DONE]\n\n');
    this.#response.end();
  }

  /** The end of the bytes, and no end of the answer. */
  end(): void {
    this.begin();
    this.#response.end();
  }

  /** As when the process dies. */
  cut(): void {
    this.#response.destroy();
  }

  refuse(status: number, headers: Readonly<Record<string, string>> = {}): void {
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.#response.end('{"error":{"message":"no"}}');
  }

  /** Not as a stream at all. */
  answerWhole(content: string): void {
    this.#response.writeHead(200, { 'content-type': 'application/json' });
    const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
    this.#response.end(JSON.stringify({ choices, usage: { prompt_tokens: 3, completion_tokens: 2 } }));
  }
}

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

export class ModelServer {
  /** Every request so far. */
  readonly asked: Asked[] = [];
  behaviour: Behaviour = (turn) => turn.refuse(500);
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #sockets = new Set<Socket>();
  readonly #waiting: (() => void)[] = [];

  static async start(behaviour?: Behaviour): Promise<ModelServer> {
    const server = new ModelServer();
    if (behaviour !== undefined) server.behaviour = behaviour;
    server.#server.on('connection', (socket) => {
      server.#sockets.add(socket);
      socket.on('close', () => {
        server.#sockets.delete(socket);
        server.#changed();
      });
    });
    server.#server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Resolves when so many requests have come in all. */
  async hasBeenAsked(times: number): Promise<void> {
    await this.#until(() => this.asked.length >= times);
  }

  /** Resolves when no connection is open any more. */
  async isLeftAlone(): Promise<void> {
    await this.#until(() => this.#sockets.size === 0);
  }

  /** As a machine that is switched off. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as Asked['body'];
    const asked: Asked = { headers: request.headers, path: request.url ?? '', body };
    this.asked.push(asked);
    this.#changed();
    await this.behaviour(new Turn(asked, this.asked.length, response));
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo())
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
