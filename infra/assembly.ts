/**
 * The parts, put together and listening: actors, projections and the gateway on what has been opened. Loading this is most of
 * a start's computing, and it goes on while the store, NATS and Redis are waited for.
 */
import type { Logger } from 'pino';
import { Assistant } from '../actors/assistant/assistant.ts';
import { KnowledgeKeeper } from '../actors/assistant/knowledge/knowledge-keeper.ts';
import type { Base } from '../actors/assistant/knowledge/tenant-knowledge.ts';
import { wakeUnanswered } from '../actors/assistant/wake.ts';
import { DeadlineKeeper } from '../actors/deadline-keeper.ts';
import { Supervisor } from '../actors/supervisor.ts';
import { Projector } from '../projections/projector.ts';
import { Reader } from '../projections/reader.ts';
import { changesLists } from '../projections/session-row.ts';
import { Acknowledged } from './acknowledged.ts';
import { type AssistantSettings, openModel, openReranker } from './assistant/assistant-settings.ts';
import type { Kefu } from './backbone.ts';
import type { Backends } from './backends.ts';
import type { Beat } from './beat.ts';
import { systemClock } from './clock.ts';
import type { Siblings } from './cluster/siblings.ts';
import type { Config } from './config.ts';
import { Gateway } from './gateway/gateway.ts';
import type { Service } from './gateway/service.ts';
import { SignIn, signInCode } from './gateway/sign-in.ts';
import { InboxHub } from './gateway/socket/inbox-hub.ts';
import { Tokens } from './gateway/tokens.ts';
import { leaseIds } from './ids.ts';
import { Counters } from './metrics.ts';
import { pause } from './pause.ts';
import { randomToken } from './random.ts';
import { realWorld } from './world.ts';

/** What the settings say, read and opened. */
export interface Given {
  readonly config: Config;
  readonly logger: Logger;
  readonly siblings: Siblings;
  readonly beat: Beat;
  readonly secret: Uint8Array;
  readonly base: Base;
  readonly settings: AssistantSettings;
}

/** Closing what is answered closes the backends too; when it rejects, they stay the caller's to close. */
export const serve = async (given: Given, backends: Backends): Promise<Kefu> => {
  const { config, logger, siblings, beat, secret, base, settings } = given;
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
    missed: (missed) => supervisor.missed(missed),
    following: (isSo) => supervisor.following(isSo),
    // Snapshots stand in the same store, and nobody looks for one until it is needed.
    lost: (lost) => supervisor.unsaved(lost),
  });
  const counters = new Counters();
  const acknowledged = new Acknowledged(log.shards, () => ownership.owned());
  supervisor.observe({
    stored: (ref, { position, commit }) => {
      acknowledged.stored(ref, position);
      counters.commits += 1;
      counters.facts += commit.events.length;
      if (commit.events.some(changesLists)) projector.hurry(position);
    },
    // What a snapshot brought was stored without passing by here, and is told to whoever asks.
    activated: (ref) => acknowledged.stored(ref, supervisor.live(ref)?.position ?? 0),
  });
  const knowledge = new KnowledgeKeeper({
    log: backends.knowledgeLog,
    base,
    now: world.now,
    freshName: () => randomToken(12),
    pause,
    report: world.report,
  });
  await knowledge.start();
  const reranker = await openReranker(config, world);
  const assistant = new Assistant({
    supervisor,
    log,
    world,
    knowledge,
    ...settings,
    model,
    reranker,
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
    knowledge,
    policies: settings.policies,
    reranker,
    world,
    tokens: new Tokens(secret, systemClock),
    signIn: new SignIn(code),
    inbox,
    relay,
    handover: { siblings, holderOf: cluster.holderOf },
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
    await knowledge.stop();
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
  siblings.join(cluster.node, (handle, luggage) => gateway.adopt(handle, luggage));
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
