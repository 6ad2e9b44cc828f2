/** The settings, from the environment: decoded once at the start, every wrong one named in one message. */
import { BUDGET_DEFAULT_MS } from '../actors/assistant/budget.ts';
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
  /** Sensitive words, one a line; none means the built-in list. */
  readonly sensitiveWordsFile: string | undefined;
  /** How the assistant behaves, for everybody and for single tenants. */
  readonly assistantPolicyFile: string | undefined;
  /** Whom the assistant asks when it does not know an answer itself. */
  readonly model: ModelConfig | undefined;
  /** Milliseconds from a question to its reply. */
  readonly assistantBudgetMs: number;
  /** An OpenAI-compatible endpoint that gives a second opinion on what is offered. */
  readonly embeddings: ModelConfig | undefined;
  readonly shards: number | undefined;
  /** Processes that serve on the one port. */
  readonly workers: number;
  readonly logLevel: string;
  /** How long a process with much to do gathers frames before it looks at them, in milliseconds; 0 = not at all. */
  readonly beatMs: number;
  readonly limits: Limits;
  /** What sessions are opened under, in milliseconds; a key that is absent is a deadline that they do not have. */
  readonly deadlines: Deadlines;
}

/** An OpenAI-compatible endpoint. */
export interface ModelConfig {
  /** Base address: `/chat/completions` or `/embeddings` is asked beneath it. */
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
  /** Requests to the model at once. */
  readonly modelRequestsAtOnce: number;
  /** Questions that may wait for one of those to end; whoever comes then is given to people. */
  readonly modelQueue: number;
  /** What one tenant may ask of the model in a minute, from each process. */
  readonly modelRequestsPerTenantPerMinute: number;
  readonly modelTokensPerTenantPerMinute: number;
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
  modelRequestsAtOnce: ['KEFU_LIMIT_MODEL_AT_ONCE', 256],
  modelQueue: ['KEFU_LIMIT_MODEL_QUEUE', 1_024],
  modelRequestsPerTenantPerMinute: ['KEFU_LIMIT_MODEL_REQUESTS', 0],
  modelTokensPerTenantPerMinute: ['KEFU_LIMIT_MODEL_TOKENS', 0],
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

/** Bounds of `KEFU_LLM_BUDGET_MS`. */
export const BUDGET_MIN_MS = 50;
export const BUDGET_MAX_MS = 120_000;

/** What a host that embeds Kefu cannot mean; the environment's own settings have been checked one by one. */
export const settingsFlaws = (config: Config): readonly string[] => {
  const { host, port, secret } = config;
  const flaws: string[] = [];
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX)
    flaws.push(`port: expected an integer from 0 to ${PORT_MAX}`);
  if (secret === undefined && !isLoopback(host))
    flaws.push(`secret: must be set (at least ${SECRET_BYTES_MIN} bytes) when host is not a loopback address`);
  if (secret !== undefined && Buffer.byteLength(secret) < SECRET_BYTES_MIN)
    flaws.push(`secret: expected at least ${SECRET_BYTES_MIN} bytes`);
  const late = lateBudget(config);
  return late === undefined ? flaws : [...flaws, late];
};

const PORT_MAX = 65_535;

type Environment = Readonly<Record<string, string | undefined>>;

/** The least length of `KEFU_SECRET` in bytes: HS256's own output size (RFC 7518, section 3.2). */
export const SECRET_BYTES_MIN = 32;

/** Reads the process's environment. Throws {@link WrongSettings}. */
export const readConfig = (environment: Environment = process.env): Config => {
  const read = new Reading(environment);
  const host = read.text('KEFU_HOST') ?? '127.0.0.1';
  const config: Config = {
    host,
    port: read.integer('KEFU_PORT', 0, PORT_MAX) ?? 8080,
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
    sensitiveWordsFile: read.text('KEFU_SENSITIVE_WORDS'),
    assistantPolicyFile: read.text('KEFU_ASSISTANT_POLICY'),
    model: read.endpoint('KEFU_LLM'),
    assistantBudgetMs: read.integer('KEFU_LLM_BUDGET_MS', BUDGET_MIN_MS, BUDGET_MAX_MS) ?? BUDGET_DEFAULT_MS,
    embeddings: read.endpoint('KEFU_EMBEDDINGS'),
    shards: read.integer('KEFU_SHARDS', 1, 1024),
    workers: read.integer('KEFU_WORKERS', 1, 256) ?? 1,
    logLevel: read.oneOf('KEFU_LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']) ?? 'info',
    beatMs: read.integer('KEFU_BEAT_MS', 0, 100) ?? 3,
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
  const late = lateBudget(config);
  if (late !== undefined) read.wrong.push(late);
  if (read.wrong.length > 0) throw new WrongSettings(read.wrong);
  return config;
};

/** Why a question could go to people before the model's answer is due; `undefined` when it cannot. */
export const lateBudget = ({ model, assistantBudgetMs, deadlines }: Config): string | undefined => {
  const { assistantReplyMs } = deadlines;
  if (model === undefined || assistantReplyMs === undefined || assistantBudgetMs < assistantReplyMs) return undefined;
  return `KEFU_LLM_BUDGET_MS: expected less than KEFU_DEADLINE_ASSISTANT_MS, which is ${assistantReplyMs}`;
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

  /** Says how long a secret must be, never what it is. */
  secret(variable: string): string | undefined {
    const value = this.text(variable);
    if (value === undefined || Buffer.byteLength(value) >= SECRET_BYTES_MIN) return value;
    this.wrong.push(
      `${variable}: expected at least ${SECRET_BYTES_MIN} bytes, such as from \`openssl rand -base64 32\``,
    );
    return undefined;
  }

  /** The three belong together; what is wrong with an address is said without it, because a key may be in it. */
  endpoint(prefix: 'KEFU_LLM' | 'KEFU_EMBEDDINGS'): ModelConfig | undefined {
    const [ofUrl, ofKey, ofModel] = [`${prefix}_URL`, `${prefix}_KEY`, `${prefix}_MODEL`];
    const [url, key, model] = [this.text(ofUrl), this.text(ofKey), this.text(ofModel)];
    if (url === undefined) {
      if (key !== undefined) this.wrong.push(`${ofKey}: is of use only with ${ofUrl}`);
      if (model !== undefined) this.wrong.push(`${ofModel}: is of use only with ${ofUrl}`);
      return undefined;
    }
    if (!isPlainHttp(url))
      this.wrong.push(`${ofUrl}: expected an http or https address without user or query, such as https://host/v1`);
    if (key !== undefined && !/^[\u0021-\u007e]+$/.test(key))
      this.wrong.push(`${ofKey}: expected printable ASCII without spaces`);
    if (model === undefined || model.length > 128) {
      this.wrong.push(`${ofModel}: expected the name of a model, of 1 to 128 characters, beside ${ofUrl}`);
      return undefined;
    }
    return { url, key, model };
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

const isPlainHttp = (address: string): boolean => {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password, search, hash } = new URL(address);
  return /^https?:$/.test(protocol) && username + password + search + hash === '';
};
