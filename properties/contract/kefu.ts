/** A real server in this process, or several on one ground, and the people who come to it. */
import { pino } from 'pino';
import type { TokenRole } from '../../events/names.ts';
import { type Config, configure, type Limits, type Kefu as Server, startKefu } from '../../infra/backbone.ts';
import type { Ground } from './grounds.ts';
import { HttpClient } from './http-client.ts';
import { type ConnectOptions, connect, type SocketClient } from './socket-client.ts';
import { type Claims, claimsOf, signed } from './tokens.ts';

export interface Person {
  readonly id: string;
  readonly role: TokenRole;
  readonly token: string;
  readonly http: HttpClient;
  socket(): Promise<SocketClient>;
}

/** A session that somebody has opened. */
export interface Opened {
  readonly session: string;
  /** `/v1/sessions/<session>` and what follows it. */
  readonly path: (rest?: string) => string;
  /** Whose it is, with a token that is not bound. */
  readonly visitor: Person;
  /** The token that came with the session. */
  readonly bound: Person;
}

export interface KefuOptions {
  readonly limits?: Partial<Limits>;
  /** Further settings. */
  readonly config?: Partial<Config>;
  /** How many, side by side. */
  readonly servers?: number;
}

export const randomId = (): string => crypto.randomUUID();

export class Kefu {
  readonly secret = `the contract’s own key: ${randomId()}`;
  /** Everything logged so far, at every level. */
  readonly logged: string[] = [];
  /** What Node has warned of since. */
  readonly warnings: string[] = [];
  readonly #ground: Ground;
  readonly #options: KefuOptions;
  readonly #warn = (warning: Error): void => void this.warnings.push(warning.message);
  #servers: readonly Server[] = [];
  #turn = 0;

  constructor(ground: Ground, options: KefuOptions = {}) {
    this.#ground = ground;
    this.#options = options;
  }

  /** Of the server whose turn it is: who comes twice is sent to two of them, as by a load balancer. */
  get url(): string {
    this.#turn += 1;
    const server = this.#servers[this.#turn % this.#servers.length];
    if (server === undefined) throw new Error('no server is running');
    return server.url;
  }

  async start(): Promise<this> {
    const { config: more, servers = 1 } = this.#options;
    const limits = { ...configure().limits, ...this.#options.limits };
    const config = configure({ ...this.#ground.config, port: 0, secret: this.secret, ...more, limits });
    const logger = pino({ level: 'trace' }, { write: (line: string) => void this.logged.push(line) });
    process.on('warning', this.#warn);
    this.#servers = await Promise.all(Array.from({ length: servers }, () => startKefu(config, logger)));
    return this;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
    process.off('warning', this.#warn);
    this.#servers = [];
  }

  /** As new processes on the same ground would be, perhaps on other ports. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Somebody without a token. */
  get anyone(): HttpClient {
    return new HttpClient(this.url, undefined);
  }

  /** A tenant that nobody has used, so that tests do not see each other. */
  tenant(): Tenant {
    return new Tenant(this, `t-${randomId()}`);
  }

  sign(claims: Claims): string {
    return signed(this.secret, claims);
  }

  socket(token: string, options?: ConnectOptions): Promise<SocketClient> {
    return connect(this.url, token, options);
  }

  bearer(token: string, role: TokenRole, id: string): Person {
    return { id, role, token, http: new HttpClient(this.url, token), socket: () => this.socket(token) };
  }
}

export class Tenant {
  readonly name: string;
  readonly #kefu: Kefu;

  constructor(kefu: Kefu, name: string) {
    this.#kefu = kefu;
    this.name = name;
  }

  person(role: TokenRole, id: string = `${role}-${randomId()}`, more: Claims = {}): Person {
    return this.#kefu.bearer(this.#kefu.sign({ ...claimsOf(role, id, this.name), ...more }), role, id);
  }

  /** A session of a new visitor's, or of this one's. */
  async opened(visitor: Person = this.person('visitor'), body: Record<string, unknown> = {}): Promise<Opened> {
    const answer = await visitor.http.post<{ session: string; token: string }>('/v1/sessions', body);
    if (answer.status !== 201) throw new Error(`not opened: ${answer.text}`);
    const { session, token } = answer.body;
    return {
      session,
      path: (rest = '') => `/v1/sessions/${session}${rest}`,
      visitor,
      bound: this.#kefu.bearer(token, 'visitor', visitor.id),
    };
  }

  /** A session where a person is asked for, so that the assistant keeps out of it. */
  async queued(visitor?: Person): Promise<Opened> {
    const opened = await this.opened(visitor);
    await done(opened.visitor, opened, { type: 'RequestHandoff' });
    return opened;
  }

  /** A session that this agent has claimed. */
  async assigned(agent: Person, visitor?: Person): Promise<Opened> {
    const opened = await this.opened(visitor);
    await done(agent, opened, { type: 'ClaimSession' });
    return opened;
  }
}

export interface Receipt {
  readonly seq: number;
  readonly at: number;
  readonly messageId?: string;
}

/** Carries out a command that must be allowed. */
export const done = async (by: Person, { path }: Opened, command: Record<string, unknown>): Promise<Receipt> => {
  const answer = await by.http.post<Receipt>(path('/commands'), { clientId: randomId(), ...command });
  if (answer.status !== 201) throw new Error(`not done: ${answer.text}`);
  return answer.body;
};

/** Says something that must be allowed. */
export const said = async (by: Person, { path }: Opened, text: string): Promise<Receipt> => {
  const answer = await by.http.post<Receipt>(path('/messages'), { clientId: randomId(), text });
  if (answer.status !== 201) throw new Error(`not said: ${answer.text}`);
  return answer.body;
};
