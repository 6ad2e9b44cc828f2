/** A real server in this process, and the people who come to it. */
import { pino } from 'pino';
import type { TokenRole } from '../../events/names.ts';
import { configure, type Limits, type Kefu as Server, startKefu } from '../../infra/backbone.ts';
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

export const randomId = (): string => crypto.randomUUID();

export class Kefu {
  readonly secret = `the contract’s own key: ${randomId()}`;
  /** Everything logged so far, at every level. */
  readonly logged: string[] = [];
  readonly #ground: Ground;
  readonly #limits: Partial<Limits>;
  #server: Server | undefined;

  constructor(ground: Ground, limits: Partial<Limits> = {}) {
    this.#ground = ground;
    this.#limits = limits;
  }

  get url(): string {
    if (this.#server === undefined) throw new Error('the server is not running');
    return this.#server.url;
  }

  async start(): Promise<this> {
    const byDefault = configure();
    const limits = { ...byDefault.limits, ...this.#limits };
    const config = configure({ ...this.#ground.config, port: 0, secret: this.secret, limits });
    const logger = pino({ level: 'trace' }, { write: (line: string) => void this.logged.push(line) });
    this.#server = await startKefu(config, logger);
    return this;
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  /** A new process's worth of server on the same ground, perhaps on another port. */
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
