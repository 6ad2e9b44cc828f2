/**
 * Kefu, put together: the one place where actors, projections and the world's parts meet. The CLI, the tests and an
 * embedding host all enter here.
 */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Logger } from 'pino';
import { Assistant } from '../actors/assistant/assistant.ts';
import { type Knowledge, type KnowledgeBase, knowledgeBase } from '../actors/assistant/knowledge-base.ts';
import { wakeUnanswered } from '../actors/assistant/wake.ts';
import { DeadlineKeeper } from '../actors/deadline-keeper.ts';
import { Supervisor } from '../actors/supervisor.ts';
import { decode } from '../events/codec.ts';
import { Deadlines } from '../events/deadlines.ts';
import { Projector } from '../projections/projector.ts';
import { Reader } from '../projections/reader.ts';
import { changesLists } from '../projections/session-row.ts';
import { Acknowledged } from './acknowledged.ts';
import { type AssistantSettings, assistantSettings, openModel } from './assistant/assistant-settings.ts';
import { loadKnowledge } from './assistant/load-knowledge.ts';
import { sampleKnowledge } from './assistant/sample-knowledge.ts';
import { type Backends, openBackends } from './backends.ts';
import { Beat } from './beat.ts';
import { systemClock } from './clock.ts';
import { type Config, lateBudget, readConfig, WrongSettings } from './config.ts';
import { Gateway } from './gateway/gateway.ts';
import type { Service } from './gateway/service.ts';
import { SignIn, signInCode } from './gateway/sign-in.ts';
import { InboxHub } from './gateway/socket/inbox-hub.ts';
import { Tokens } from './gateway/tokens.ts';
import { leaseIds } from './ids.ts';
import { makeLogger } from './logging.ts';
import { Counters } from './metrics.ts';
import { pause } from './pause.ts';
import { makeSecret, secretBytes } from './secret.ts';
import { realWorld } from './world.ts';

export {
  type Config,
  deadlineVariables,
  type Limits,
  limitVariables,
  readConfig,
  WrongSettings,
} from './config.ts';
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
  checkDeadlines(config);
  const knowledge =
    config.knowledgeFile === undefined ? sample() : everybodys(knowledgeBase(await loadKnowledge(config.knowledgeFile)));
  const settings = await assistantSettings(config);
  const secret = secretBytes(config.secret ?? (await makeSecret(config.dataDir)));
  const beat = new Beat(systemClock.monotonicMs, config.beatMs);
  const backends = await openBackends(config, logger, beat);
  try {
    return await serve(config, logger, beat, backends, secret, knowledge, settings);
  } catch (error) {
    await backends.close();
    throw error;
  }
};

const everybodys = (base: KnowledgeBase): Knowledge => ({ of: () => base });

/** Made when somebody asks: it is small enough for a question to wait for it, and the start need not. */
const sample = (): Knowledge => {
  let base: KnowledgeBase | undefined;
  return { of: () => (base ??= knowledgeBase(sampleKnowledge)) };
};

/** They are stored with every session, where what could not be read back would make the session unreadable. */
const checkDeadlines = (config: Config): void => {
  const decoded = decode(Deadlines, config.deadlines);
  const late = lateBudget(config);
  if (late !== undefined) throw new WrongSettings([late]);
  if (isLeft(decoded))
    throw new WrongSettings(decoded.left.map(({ path, expected }) => `deadlines.${path}: expected ${expected}`));
};

const serve = async (
  config: Config,
  logger: Logger,
  beat: Beat,
  backends: Backends,
  secret: Uint8Array,
  knowledge: Knowledge,
  settings: AssistantSettings,
): Promise<Kefu> => {
  const { log, views } = backends;
  const ids = await leaseIds(backends.slots, systemClock);
  const world = realWorld(systemClock, (seen) => ids.next(seen), logger);
  const rest = { idleMs: config.limits.idleSessionMs, actorsMax: config.limits.restingSessions };
  const supervisor = new Supervisor(log, world, rest, backends.snapshots);
  const model = await openModel(config, world);
  const cluster = await backends.joinCluster(supervisor, world.report);
  const { sessions, ownership, relay } = cluster;
  const projector = new Projector({
    log,
    views,
    ...(backends.viewsAreShared ? { shards: () => ownership.owned() } : {}),
    pause,
    report: world.report,
    passing: (stored) => supervisor.heard(stored),
  });
  const counters = new Counters();
  const acknowledged = new Acknowledged(log.shards, () => ownership.owned());
  supervisor.observe({
    stored: (ref, { position, commit }) => {
      acknowledged.stored(ref, position);
      counters.commits += 1;
      counters.facts += commit.events.length;
      if (commit.events.some(changesLists)) projector.hurry();
    },
    // What a snapshot brought was stored without passing by here, and is told to whoever asks.
    activated: (ref) => acknowledged.stored(ref, supervisor.live(ref)?.position ?? 0),
  });
  const assistant = new Assistant({
    supervisor,
    log,
    world,
    knowledge,
    ...settings,
    model,
    budgetMs: config.assistantBudgetMs,
    show: (ref, delta) => gateway.rooms.writing(ref, delta),
  });
  supervisor.observe(assistant);
  const reader = new Reader({
    log,
    views,
    projector,
    newest: (ref) => sessions.newest(ref),
    acknowledged: () => acknowledged.newest(),
    report: world.report,
  });
  const keeper = new DeadlineKeeper({
    log,
    supervisor,
    world,
    owned: () => ownership.owned(),
    due: (shards, query) => reader.due(shards, query),
  });
  supervisor.observe(keeper);
  const inbox = new InboxHub(relay);
  projector.observe((before, after) => inbox.changed(before, after));
  const code = config.secret === undefined ? signInCode(secret) : undefined;
  const service: Service = {
    sessions,
    reader,
    startOf: (ref, seq) => supervisor.startOf(ref, seq),
    log,
    world,
    tokens: new Tokens(secret, systemClock),
    signIn: new SignIn(code),
    inbox,
    relay,
    beat,
    counters,
    limits: config.limits,
    deadlines: config.deadlines,
    logger,
    secret,
    troubles: backends.troubles,
  };
  const gateway = new Gateway(service, {
    host: config.host,
    port: config.port,
    actors: () => supervisor.size,
    viewLag: () => Math.max(0, acknowledged.newest() - projector.reached),
  });
  const stop = async (): Promise<void> => {
    gateway.startDraining();
    await keeper.stop();
    assistant.stop();
    await supervisor.settled();
    await gateway.close();
    await supervisor.settled();
    await cluster.leave();
    cluster.close();
    await supervisor.stop();
    await projector.stop();
    await ids.close();
  };
  const wake = (shards: ReadonlySet<number>): void => {
    wakeUnanswered(log, supervisor, shards).catch((error: unknown) => {
      logger.warn(
        { err: error },
        'unanswered questions could not be looked up; each is answered when its session is next used',
      );
    });
  };
  ownership.onChange(({ gained, lost }) => {
    if (lost.length > 0) assistant.leave(new Set(lost));
    if (backends.viewsAreShared) projector.recheck();
    if (gained.length > 0) wake(new Set(gained));
  });
  projector.start();
  const url = await gateway.listen().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  wake(ownership.owned());
  keeper.start();
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await stop();
    await backends.close();
  };
  return {
    url,
    signInUrl: code === undefined ? undefined : `${url}/console#code=${code}`,
    logger,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};
