/** What the log holds, read from JetStream, and what the views in Redis hold beside a rebuild from that log. */
import { setTimeout as sleep } from 'node:timers/promises';
import { contextOf, evolve, type SessionState, statusOf, unopened } from '../../actors/session-state.ts';
import type { Stored } from '../../events/commit.ts';
import type { Fact } from '../../events/facts.ts';
import { connectNats } from '../../infra/nats/connect.ts';
import { NatsEventLog } from '../../infra/nats/event-log.ts';
import { pause } from '../../infra/pause.ts';
import { connectRedis } from '../../infra/redis/connect.ts';
import { RedisViewStore } from '../../infra/redis/view-store.ts';
import { Projector } from '../../projections/projector.ts';
import type { ViewStore } from '../../projections/view-store.ts';
import { MemoryViewStore } from '../doubles/memory-view-store.ts';
import type { Ground } from './ground.ts';

/** The facts of one session, by seq from 1 on. */
export type Facts = readonly Fact[];

export interface Truth {
  readonly sessions: ReadonlyMap<string, Facts>;
  /** Commits that do not stand right behind the one before. */
  readonly gaps: readonly string[];
  /** Commits with a seq that another one has. */
  readonly forks: readonly string[];
  /** Entries of the views that a rebuild has not, or has with other bytes. */
  readonly unlikeRebuild: readonly string[];
}

const REBUILT_WITHIN_MS = 60_000;
/** The live views are projected a moment behind the log. */
const CAUGHT_UP_WITHIN_MS = 30_000;
/** A question that is found late is the assistant's for another moment. */
const ANSWERED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 250;

export const readTruth = async (ground: Ground): Promise<Truth> => {
  const connection = await connectNats({ servers: ground.natsUrl });
  const redis = await connectRedis(ground.redis.url, () => undefined);
  try {
    const log = await NatsEventLog.open(connection, { replicas: ground.nats.length });
    await untilAnswered(log);
    const sessions = new Map<string, Fact[]>();
    const gaps: string[] = [];
    const forks: string[] = [];
    for await (const batch of log.scan({ after: 0 })) for (const stored of batch) judge(stored, sessions, gaps, forks);
    const rebuilt = await rebuild(log);
    const live = new RedisViewStore(redis.client, log.shards);
    const unlikeRebuild = await untilAlike(live, rebuilt);
    log.close();
    return { sessions, gaps, forks, unlikeRebuild };
  } finally {
    redis.close();
    await connection.close();
  }
};

/** The assistant may still owe somebody an answer when everyone has left: what it stores then is part of the truth. */
const untilAnswered = async (log: NatsEventLog): Promise<void> => {
  for (const until = performance.now() + ANSWERED_WITHIN_MS; performance.now() < until; ) {
    const states = new Map<string, SessionState>();
    for await (const batch of log.scan({ after: 0 }))
      for (const { commit } of batch)
        states.set(
          commit.session,
          commit.events.reduce<SessionState>(
            (state, fact) => evolve(state, fact, commit.at),
            states.get(commit.session) ?? unopened,
          ),
        );
    if (![...states.values()].some(awaitsAssistant)) return;
    await sleep(LOOK_EVERY_MS);
  }
};

const awaitsAssistant = (state: SessionState): boolean => {
  const { visitorSeq, answeredSeq, turnSeq } = contextOf(state);
  return statusOf(state) === 'assistant' && visitorSeq > Math.max(answeredSeq, turnSeq);
};

const judge = ({ commit, position }: Stored, sessions: Map<string, Fact[]>, gaps: string[], forks: string[]): void => {
  const facts = sessions.get(commit.session) ?? [];
  sessions.set(commit.session, facts);
  const where = `${commit.session}: commit ${commit.commit} at position ${position} begins at seq ${commit.seq}`;
  if (commit.seq <= facts.length) forks.push(`${where}, the one before ends at ${facts.length}`);
  else if (commit.seq > facts.length + 1) gaps.push(`${where}, the one before ends at ${facts.length}`);
  facts.push(...commit.events);
};

const rebuild = async (log: NatsEventLog): Promise<ViewStore> => {
  const views = new MemoryViewStore(log.shards);
  const projector = new Projector({ log, views, pause, report: () => undefined });
  projector.start();
  const head = await log.head();
  const isDone = await projector.caughtUp(head, REBUILT_WITHIN_MS);
  await projector.stop();
  if (!isDone) throw new Error(`the views could not be rebuilt within ${REBUILT_WITHIN_MS} ms`);
  return views;
};

const untilAlike = async (live: ViewStore, rebuilt: ViewStore): Promise<readonly string[]> => {
  const wanted = await dumpOf(rebuilt);
  const deadline = performance.now() + CAUGHT_UP_WITHIN_MS;
  for (;;) {
    const found = differences(await dumpOf(live), wanted);
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(LOOK_EVERY_MS);
  }
};

const dumpOf = async (views: ViewStore): Promise<ReadonlyMap<string, string>> => {
  const entries = new Map<string, string>();
  for (let shard = 0; shard < views.shards; shard++)
    for await (const [key, value] of views.dump(shard)) entries.set(`${shard} ${key}`, value);
  return entries;
};

const differences = (live: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): readonly string[] => [
  ...[...wanted].flatMap(([key, value]) => {
    const has = live.get(key);
    return has === value ? [] : [`${key} is ${has ?? 'missing'}, and ${value} in the rebuild`];
  }),
  ...[...live.keys()].filter((key) => !wanted.has(key)).map((key) => `${key} is not in the rebuild`),
];
