/** A connection to NATS servers that can keep Kefu's promises. */
import { type ConnectionOptions, connect, type NatsConnection } from 'nats';
import { COMMIT_BYTES_MAX } from '../../events/limits.ts';
import { DependencyFailure } from '../dependency-failure.ts';

export interface ConnectOptions {
  /** One or more addresses, separated by commas: `nats://[user:password@]host[:4222]`, or `tls://…`. */
  readonly servers: string;
  /** How long the first connection may take. */
  readonly connectWithinMs?: number;
}

/** The first server that checks the expected subject sequence against appends still under way (nats-server #4320 and after). */
const VERSION_MIN = [2, 12] as const;
const CONNECT_WITHIN_MS = 5_000;
const RECONNECT_WAIT_MS = 250;
/** A connection that answers no ping for twice as long is given up, and another server tried. */
const PING_EVERY_MS = 5_000;
/** A cluster elects its JetStream leader within seconds of its start; until then it answers that it is unavailable. */
const JETSTREAM_READY_WITHIN_MS = 15_000;
const JETSTREAM_ASK_EVERY_MS = 250;
/** A commit in its worst encoding: every character a JSON escape. */
const PAYLOAD_BYTES_MIN = 3 * COMMIT_BYTES_MAX;

/**
 * Connects, and reconnects forever once it has been connected. Throws {@link DependencyFailure} when no server answers in
 * time, and when the one that does is too old, has no JetStream, or takes only small messages.
 */
export const connectNats = async (options: ConnectOptions): Promise<NatsConnection> => {
  const addresses = options.servers.split(',').map((address) => address.trim());
  const connection = await firstConnection(addresses, options.connectWithinMs ?? CONNECT_WITHIN_MS);
  try {
    checkVersion(connection);
    checkPayload(connection);
    await checkJetStream(connection);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
};

const firstConnection = async (addresses: readonly string[], withinMs: number): Promise<NatsConnection> => {
  const attempt = connect({
    ...addressed(addresses),
    name: 'kefu',
    timeout: withinMs,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    pingInterval: PING_EVERY_MS,
    noAsyncTraces: true,
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${withinMs} ms`)), withinMs);
  });
  try {
    return await Promise.race([attempt, late]);
  } catch (error) {
    // The client cannot be told to stop trying; if it gets through after all, nobody wants the connection any more.
    attempt.then(
      (connection) => void connection.close(),
      () => undefined,
    );
    const where = addresses.map(withoutSecrets).join(', ');
    const why = error instanceof Error ? error.message : String(error);
    throw new DependencyFailure(
      error instanceof Error && error.name === 'AuthorizationError'
        ? `the NATS server at ${where} does not let Kefu in (${why}); correct name and password in KEFU_NATS_URL`
        : `no NATS server could be reached at ${where} (${why}); start one, or correct KEFU_NATS_URL`,
    );
  } finally {
    clearTimeout(timer);
  }
};

/** The client takes host and port only; what else stands in an address is an option of the whole connection. */
const addressed = (addresses: readonly string[]): ConnectionOptions => {
  const urls = addresses.map(parsed);
  const user = urls.find((url) => url.username !== '');
  return {
    servers: urls.map((url) => url.host),
    ...(urls.some((url) => url.protocol === 'tls:') ? { tls: {} } : {}),
    ...(user === undefined ? {} : credentials(user)),
  };
};

const credentials = (url: URL): ConnectionOptions => {
  const name = decodeURIComponent(url.username);
  return url.password === '' ? { token: name } : { user: name, pass: decodeURIComponent(url.password) };
};

const parsed = (address: string): URL => {
  try {
    return new URL(address.includes('://') ? address : `nats://${address}`);
  } catch {
    throw new DependencyFailure(
      `${withoutSecrets(address)} is not the address of a NATS server; correct KEFU_NATS_URL`,
    );
  }
};

const withoutSecrets = (address: string): string => address.replace(/^(\w+:\/\/)?.*@/, '$1');

const checkVersion = (connection: NatsConnection): void => {
  const version = connection.info?.version ?? 'of unknown version';
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [majorMin, minorMin] = VERSION_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  throw new DependencyFailure(
    `the NATS server at ${connection.getServer()} is ${version}, which can store two histories of one session; ` +
      `run nats-server ${majorMin}.${minorMin} or newer`,
  );
};

const checkPayload = (connection: NatsConnection): void => {
  const bytesMax = connection.info?.max_payload ?? 0;
  if (bytesMax >= PAYLOAD_BYTES_MIN) return;
  throw new DependencyFailure(
    `the NATS server at ${connection.getServer()} takes messages of ${bytesMax} bytes at most, and a commit may have ` +
      `${PAYLOAD_BYTES_MIN}; set max_payload to 1MB, its default`,
  );
};

const checkJetStream = async (connection: NatsConnection): Promise<void> => {
  const attempts = Math.ceil(JETSTREAM_READY_WITHIN_MS / JETSTREAM_ASK_EVERY_MS);
  let why = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    const answer = await askJetStream(connection);
    if (answer === 'ready') return;
    if (answer === 'not enabled') {
      throw new DependencyFailure(
        `the NATS server at ${connection.getServer()} has JetStream switched off for this account; ` +
          'start it with -js or a jetstream block in its configuration',
      );
    }
    why = answer;
    await new Promise((resolve) => setTimeout(resolve, JETSTREAM_ASK_EVERY_MS));
  }
  throw new DependencyFailure(
    `JetStream at ${connection.getServer()} was not ready within ${JETSTREAM_READY_WITHIN_MS} ms (${why}); ` +
      'see whether enough servers of its cluster are up',
  );
};

/** Codes 10039 and 10076: not enabled for the account, not enabled on the server. */
const NOT_ENABLED = new Set([10039, 10076]);

const askJetStream = async (connection: NatsConnection): Promise<string> => {
  try {
    const reply = await connection.request('$JS.API.INFO', '', { timeout: 2_000 });
    const { error } = reply.json<{ error?: { err_code?: number; description?: string } }>();
    if (error === undefined) return 'ready';
    return NOT_ENABLED.has(error.err_code ?? 0) ? 'not enabled' : (error.description ?? 'no reason given');
  } catch (error) {
    // Without JetStream nobody listens to its API. A cluster that is still starting has not subscribed yet either.
    if (connection.info?.jetstream !== true && isNoResponders(error)) return 'not enabled';
    return error instanceof Error ? error.message : String(error);
  }
};

const isNoResponders = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'NoRespondersError' || (error.cause instanceof Error && error.cause.name === 'NoRespondersError'));
