/**
 * Kefu, put together: the one place where actors, projections and the world's parts meet. The CLI, the tests and an
 * embedding host all enter here.
 */
import type { Logger } from 'pino';
import { Assistant } from '../actors/assistant/assistant.ts';
import { knowledgeBase } from '../actors/assistant/knowledge-base.ts';
import { wakeUnanswered } from '../actors/assistant/wake.ts';
import { Supervisor } from '../actors/supervisor.ts';
import { Projector } from '../projections/projector.ts';
import { Reader } from '../projections/reader.ts';
import { loadKnowledge } from './assistant/load-knowledge.ts';
import { sampleKnowledge } from './assistant/sample-knowledge.ts';
import { type Backends, openBackends } from './backends.ts';
import { systemClock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { Gateway } from './gateway/gateway.ts';
import type { Service } from './gateway/service.ts';
import { SignIn } from './gateway/sign-in.ts';
import { InboxHub } from './gateway/socket/inbox-hub.ts';
import { Tokens } from './gateway/tokens.ts';
import { leaseIds } from './ids.ts';
import { makeLogger } from './logging.ts';
import { Counters } from './metrics.ts';
import { pause } from './pause.ts';
import { randomToken } from './random.ts';
import { makeSecret, secretBytes } from './secret.ts';
import { realWorld } from './world.ts';

export { type Config, type Limits, limitVariables, readConfig, WrongSettings } from './config.ts';
export { DependencyFailure } from './dependency-failure.ts';

export interface Kefu {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Development mode's sign-in link for the console; `undefined` where `KEFU_SECRET` is set. */
  readonly signInUrl: string | undefined;
  readonly logger: Logger;
  /** Drains and stops: in-flight commits finish, sockets close with 1012. Safe to call twice. */
  close(): Promise<void>;
}

/** Settings for {@link startKefu}: the defaults, with what is given here instead. */
export const configure = (given: Partial<Config> = {}): Config => ({ ...readConfig({}), ...given });

/**
 * Starts a server. Rejects with {@link WrongSettings}, with {@link DependencyFailure} when NATS, Redis or the data folder
 * cannot serve, or with the system's error when the port cannot be had.
 *
 * @example
 * const kefu = await startKefu(configure({ port: 0 }));
 * console.log(kefu.url);
 * await kefu.close();
 */
export const startKefu = async (config: Config, logger: Logger = makeLogger(config.logLevel)): Promise<Kefu> => {
  const knowledge = knowledgeBase(
    config.knowledgeFile === undefined ? sampleKnowledge : await loadKnowledge(config.knowledgeFile),
  );
  const secret = secretBytes(config.secret ?? (await makeSecret(config.dataDir)));
  const backends = await openBackends(config, logger);
  try {
    return await serve(config, logger, backends, secret, knowledge);
  } catch (error) {
    await backends.close();
    throw error;
  }
};

const serve = async (
  config: Config,
  logger: Logger,
  backends: Backends,
  secret: Uint8Array,
  knowledge: ReturnType<typeof knowledgeBase>,
): Promise<Kefu> => {
  const { log, views } = backends;
  const ids = await leaseIds(backends.slots, systemClock);
  const world = realWorld(systemClock, (seen) => ids.next(seen), logger);
  const supervisor = new Supervisor(log, world, {
    idleMs: config.limits.idleSessionMs,
    actorsMax: config.limits.restingSessions,
  });
  const projector = new Projector({ log, views, pause, report: world.report });
  const counters = new Counters();
  let acknowledged = await log.head();
  supervisor.observe({
    stored: (_ref, { position, commit }) => {
      acknowledged = Math.max(acknowledged, position);
      counters.commits += 1;
      counters.facts += commit.events.length;
    },
  });
  const assistant = new Assistant({ supervisor, log, world, knowledge });
  supervisor.observe(assistant);
  const reader = new Reader({
    log,
    views,
    projector,
    newest: (ref) => supervisor.live(ref),
    acknowledged: () => acknowledged,
    report: world.report,
  });
  const inbox = new InboxHub();
  projector.observe((before, after) => inbox.changed(before, after));
  const signInCode = config.secret === undefined ? randomToken(16) : undefined;
  const service: Service = {
    supervisor,
    reader,
    log,
    world,
    tokens: new Tokens(secret, systemClock),
    signIn: new SignIn(signInCode),
    inbox,
    counters,
    limits: config.limits,
    logger,
    secret,
    troubles: backends.troubles,
  };
  const gateway = new Gateway(service, {
    host: config.host,
    port: config.port,
    viewLag: () => Math.max(0, acknowledged - projector.reached),
  });
  projector.start();
  const url = await gateway.listen();
  wakeUnanswered(log, supervisor).catch((error: unknown) => {
    logger.warn(
      { err: error },
      'unanswered questions could not be looked up; each is answered when its session is next used',
    );
  });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    gateway.startDraining();
    await supervisor.settled();
    await gateway.close();
    await supervisor.settled();
    supervisor.stop();
    await projector.stop();
    await ids.close();
    await backends.close();
  };
  return {
    url,
    signInUrl: signInCode === undefined ? undefined : `${url}/console#code=${signInCode}`,
    logger,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};
