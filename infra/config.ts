/** The settings, from the environment: decoded once at the start, every wrong one named in one message. */
import type { Deadlines } from '../events/deadlines.ts';
import { DEADLINE_MS_MAX } from '../events/limits.ts';
import { isLoopback } from './loopback.ts';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** NATS servers; none means the embedded log. */
  readonly natsUrl: string | undefined;
  /** Redis, or the nodes of a Redis Cluster; none means the embedded views. */
  readonly redisUrl: string | undefined;
  /** Replicas of the log's stream: 1 when Kefu makes it and nothing is said. */
  readonly natsReplicas: number | undefined;
  /** HS256 key; none means development mode. */
  readonly secret: string | undefined;
  readonly knowledgeFile: string | undefined;
  /** An OpenAI-compatible endpoint that gives a second opinion on what is offered. */
  readonly embeddings: Embeddings | undefined;
  readonly shards: number | undefined;
  /** Processes that serve on the one port. */
  readonly workers: number;
  readonly logLevel: string;
  readonly limits: Limits;
  /** What sessions are opened under, in milliseconds; a key that is absent is a deadline that they do not have. */
  readonly deadlines: Deadlines;
}

export interface Embeddings {
  /** Base address; `/embeddings` is asked beneath it. */
  readonly url: string;
  readonly key: string | undefined;
  readonly model: string;
}

/** Bounds of a running server. 0 means no limit. */
export interface Limits {
  /** Anonymous sessions that one address may open in a minute. */
  readonly anonymousSessionsPerAddressPerMinute: number;
  /** Frames that one socket may send in a second, on average; twice as many at once. */
  readonly framesPerSocketPerSecond: number;
  /** Sessions that one socket may have joined. */
  readonly sessionsPerSocket: number;
  /** Sockets open at once. */
  readonly sockets: number;
  /** Milliseconds that a session nobody uses stays in memory. */
  readonly idleSessionMs: number;
  /** Sessions kept in memory at rest. */
  readonly restingSessions: number;
  /** Bytes that may wait for one slow reader. */
  readonly socketBufferBytes: number;
  /** Milliseconds until an append whose outcome cannot be learned is answered `unavailable`. */
  readonly appendMs: number;
}

/** Each limit's variable and default, for the README and for this decoder. */
export const limitVariables: { readonly [K in keyof Limits]: readonly [variable: string, byDefault: number] } = {
  anonymousSessionsPerAddressPerMinute: ['KEFU_LIMIT_SESSIONS_PER_ADDRESS', 6_000],
  framesPerSocketPerSecond: ['KEFU_LIMIT_FRAMES_PER_SOCKET', 1_000],
  sessionsPerSocket: ['KEFU_LIMIT_SESSIONS_PER_SOCKET', 10_000],
  sockets: ['KEFU_LIMIT_SOCKETS', 150_000],
  idleSessionMs: ['KEFU_LIMIT_IDLE_SESSION_MS', 60_000],
  restingSessions: ['KEFU_LIMIT_RESTING_SESSIONS', 100_000],
  socketBufferBytes: ['KEFU_LIMIT_SOCKET_BUFFER_BYTES', 4 * 1024 * 1024],
  appendMs: ['KEFU_LIMIT_APPEND_MS', 10_000],
};

/** Each deadline's variable and default in milliseconds. */
export const deadlineVariables: {
  readonly [K in keyof Required<Deadlines>]: readonly [variable: string, byDefaultMs: number];
} = {
  assistantReplyMs: ['KEFU_DEADLINE_ASSISTANT_MS', 10_000],
  firstResponseMs: ['KEFU_DEADLINE_FIRST_RESPONSE_MS', 2 * 60_000],
  idleCloseMs: ['KEFU_DEADLINE_IDLE_CLOSE_MS', 24 * 60 * 60_000],
};

/** Settings that cannot be used: one line for each. */
export class WrongSettings extends Error {
  readonly wrong: readonly string[];

  constructor(wrong: readonly string[]) {
    super(
      `${wrong.length === 1 ? 'a setting is' : `${wrong.length} settings are`} wrong:\n${wrong.map((each) => `  ${each}`).join('\n')}`,
    );
    this.name = 'WrongSettings';
    this.wrong = wrong;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The least length of `KEFU_SECRET` in bytes: HS256's own output size (RFC 7518, section 3.2). */
export const SECRET_BYTES_MIN = 32;

/** Reads the process's environment. Throws {@link WrongSettings}. */
export const readConfig = (environment: Environment = process.env): Config => {
  const read = new Reading(environment);
  const host = read.text('KEFU_HOST') ?? '127.0.0.1';
  const config: Config = {
    host,
    port: read.integer('KEFU_PORT', 0, 65_535) ?? 8080,
    dataDir: read.text('KEFU_DATA_DIR') ?? '.kefu',
    natsUrl: read.addresses(
      'KEFU_NATS_URL',
      /^(?:(?:nats|tls):\/\/)?(?:[^\s/@,]+@)?(?:\[[\da-f:]+\]|[^\s/:@,]+)(?::\d{1,5})?$/i,
      'such as nats://127.0.0.1:4222',
    ),
    redisUrl: read.addresses('KEFU_REDIS_URL', /^rediss?:\/\/\S+$/, 'such as redis://127.0.0.1:6379'),
    natsReplicas: read.integer('KEFU_NATS_REPLICAS', 1, 5),
    secret: read.secret('KEFU_SECRET'),
    knowledgeFile: read.text('KEFU_KB'),
    embeddings: read.embeddings(),
    shards: read.integer('KEFU_SHARDS', 1, 1024),
    workers: read.integer('KEFU_WORKERS', 1, 256) ?? 1,
    logLevel: read.oneOf('KEFU_LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']) ?? 'info',
    limits: read.limits(),
    deadlines: read.deadlines(),
  };
  if (config.secret === undefined && !isLoopback(host))
    read.wrong.push(
      `KEFU_SECRET: must be set (at least ${SECRET_BYTES_MIN} bytes) when KEFU_HOST is not a loopback address`,
    );
  if (config.workers > 1 && (config.natsUrl === undefined || config.redisUrl === undefined))
    read.wrong.push(
      'KEFU_WORKERS: more than 1 needs KEFU_NATS_URL and KEFU_REDIS_URL; the embedded store has one process',
    );
  if (read.wrong.length > 0) throw new WrongSettings(read.wrong);
  return config;
};

class Reading {
  readonly wrong: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** An empty variable counts as unset, as shells and compose files make them. */
  text(variable: string): string | undefined {
    const value = this.#environment[variable];
    return value === undefined || value === '' ? undefined : value;
  }

  integer(variable: string, min: number, max: number): number | undefined {
    const value = this.text(variable);
    if (value === undefined) return undefined;
    const parsed = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (parsed >= min && parsed <= max) return parsed;
    this.wrong.push(`${variable}: expected an integer from ${min} to ${max}`);
    return undefined;
  }

  oneOf(variable: string, values: readonly string[]): string | undefined {
    const value = this.text(variable);
    if (value === undefined || values.includes(value)) return value;
    this.wrong.push(`${variable}: expected one of ${values.join(', ')}`);
    return undefined;
  }

  addresses(variable: string, each: RegExp, example: string): string | undefined {
    const value = this.text(variable);
    if (value === undefined || value.split(',').every((address) => each.test(address.trim()))) return value;
    this.wrong.push(`${variable}: expected one or more addresses ${example}, separated by commas`);
    return undefined;
  }

  /** All that is needed, or nothing: half an endpoint is a mistake. */
  embeddings(): Embeddings | undefined {
    const url = this.text('KEFU_EMBEDDINGS_URL');
    const key = this.text('KEFU_EMBEDDINGS_KEY');
    const model = this.text('KEFU_EMBEDDINGS_MODEL');
    if (url === undefined && key === undefined && model === undefined) return undefined;
    if (url === undefined || !/^https?:\/\/\S+$/.test(url))
      this.wrong.push('KEFU_EMBEDDINGS_URL: expected a base address such as http://127.0.0.1:9000/v1');
    if (model === undefined) this.wrong.push('KEFU_EMBEDDINGS_MODEL: must be set where KEFU_EMBEDDINGS_URL is');
    return { url: url ?? '', key, model: model ?? '' };
  }

  /** Says how long a secret must be, never what it is. */
  secret(variable: string): string | undefined {
    const value = this.text(variable);
    if (value === undefined || Buffer.byteLength(value) >= SECRET_BYTES_MIN) return value;
    this.wrong.push(
      `${variable}: expected at least ${SECRET_BYTES_MIN} bytes, such as from \`openssl rand -base64 32\``,
    );
    return undefined;
  }

  limits(): Limits {
    const entries = Object.entries(limitVariables).map(([key, [variable, byDefault]]) => [
      key,
      this.integer(variable, 0, Number.MAX_SAFE_INTEGER) ?? byDefault,
    ]);
    return Object.fromEntries(entries) as Limits;
  }

  /** 0 means that there is no such deadline. */
  deadlines(): Deadlines {
    const entries = Object.entries(deadlineVariables).map(([key, [variable, byDefaultMs]]) => [
      key,
      this.integer(variable, 0, DEADLINE_MS_MAX) ?? byDefaultMs,
    ]);
    return Object.fromEntries(entries.filter(([, durationMs]) => durationMs !== 0)) as Deadlines;
  }
}
