/** Two servers on one log: whoever is asked, the session answers, and nobody misses anything. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, SessionActor } from '../actors/session-actor.ts';
import { SnapshotKeeper } from '../actors/snapshot-keeper.ts';
import type { TokenRole } from '../events/names.ts';
import { configure, type Kefu, startKefu } from '../infra/backbone.ts';
import { LEASE_MS } from '../infra/cluster/ownership.ts';
import { connectNats } from '../infra/nats/connect.ts';
import { NatsEventLog } from '../infra/nats/event-log.ts';
import { Crowd } from './chaos/crowd.ts';
import { openGround } from './chaos/ground.ts';
import { recovered } from './chaos/recovery.ts';
import { readTruth } from './chaos/truth.ts';
import { isClean, judge } from './chaos/verdict.ts';
import { type Ground, natsAndRedis } from './contract/grounds.ts';
import { randomId } from './contract/kefu.ts';
import { connect, type SocketClient } from './contract/socket-client.ts';
import { claimsOf, signed } from './contract/tokens.ts';
import { seeded } from './demo/chance.ts';
import { VirtualWorld } from './doubles/virtual-world.ts';

const secret = `a key of ${randomId()}`;
const tenant = 'cluster';
/** Enough that each of two servers serves some of them. */
const SESSIONS = 16;

let ground: Ground;
const running: Kefu[] = [];

const start = async (): Promise<Kefu> => {
  const kefu = await startKefu(configure({ ...ground.config, port: 0, secret }), pino({ level: 'silent' }));
  running.push(kefu);
  return kefu;
};

beforeEach(async () => {
  ground = await natsAndRedis.lay();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((kefu) => kefu.close()));
  await ground.remove();
});

const tokenOf = (role: TokenRole, id: string): string => signed(secret, claimsOf(role, id, tenant));

const actorsOn = async ({ url }: Kefu): Promise<number> => {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^kefu_session_actors (\d+)/m.exec(metrics)?.[1]);
};

interface Conversation {
  readonly session: string;
  /** On the first server. */
  readonly visitor: SocketClient;
  /** On the second. */
  readonly agent: SocketClient;
}

/** The visitor's socket is the one's, the agent's the other's; no assistant comes in between. */
const converse = async (one: Kefu, other: Kefu): Promise<Conversation> => {
  const visitor = await connect(one.url, tokenOf('visitor', randomId()));
  const { session } = await visitor.expect('ack', { type: 'open', id: randomId() });
  await visitor.expect('ack', { type: 'do', session: session ?? '', command: { type: 'RequestHandoff' } });
  const agent = await connect(other.url, tokenOf('agent', 'ann'));
  await agent.expect('joined', { type: 'join', session, after: 0 });
  await agent.expect('ack', { type: 'do', session, command: { type: 'ClaimSession' } });
  return { session: session ?? '', visitor, agent };
};

/** Both servers with sessions of their own, each session with a socket on both. */
const twoServers = async (): Promise<{
  readonly one: Kefu;
  readonly other: Kefu;
  readonly conversations: readonly Conversation[];
}> => {
  const one = await start();
  const other = await start();
  for (;;) {
    const conversations = await Promise.all(Array.from({ length: SESSIONS }, () => converse(one, other)));
    if ((await actorsOn(one)) > 0 && (await actorsOn(other)) > 0) return { one, other, conversations };
    // The second has not been given its share yet.
    await sleep(100);
  }
};

const seqsOf = (socket: SocketClient, session: string): readonly number[] =>
  socket
    .got('event')
    .filter((frame) => frame.session === session)
    .map(({ seq }) => seq);

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

const say = (socket: SocketClient, session: string, text: string) =>
  socket.expect('ack', { type: 'say', id: randomId(), session, text });

describe('two servers on one log', () => {
  test('a command is carried out wherever it is sent, and both see everything in order', async () => {
    const { conversations } = await twoServers();
    await Promise.all(
      conversations.map(async ({ session, visitor, agent }) => {
        for (let count = 0; count < 5; count++)
          await Promise.all([say(visitor, session, `question ${count}`), say(agent, session, `answer ${count}`)]);
        for (const socket of [visitor, agent]) {
          await socket.event(session, 13);
          expect(seqsOf(socket, session)).toEqual(upTo(13));
        }
      }),
    );
  });

  test('what was sent to one is not done again by the other', async () => {
    const { conversations } = await twoServers();
    await Promise.all(
      conversations.map(async ({ session, agent }, index) => {
        const id = randomId();
        const first = await agent.expect('ack', { type: 'say', id, session, text: 'once' });
        const { url } = running[index % 2] ?? { url: '' };
        const again = await connect(url, tokenOf('agent', 'ann'));
        expect(await again.expect('ack', { type: 'say', id, session, text: 'once' })).toEqual(first);
        again.close();
      }),
    );
  });

  test('typing and the inbox reach those who are elsewhere', async () => {
    const { one, other, conversations } = await twoServers();
    const watchers = await Promise.all(
      [one, other].map(async ({ url }) => {
        const socket = await connect(url, tokenOf('agent', 'watcher'));
        await socket.expect('watching', { type: 'watch', status: 'assigned' });
        return socket;
      }),
    );
    await Promise.all(
      conversations.map(async ({ session, visitor, agent }) => {
        visitor.send({ type: 'typing', session, on: true });
        expect(await agent.next('typing')).toMatchObject({ session, on: true });
        const { seq } = await say(visitor, session, 'is anybody there?');
        for (const watcher of watchers)
          await watcher.next('inbox', (row) => row.session === session && row.seq === seq);
      }),
    );
  });

  test('one that leaves hands over at once, and sockets on the other go on without a gap', async () => {
    const { one, conversations } = await twoServers();
    let isLeaving = true;
    const talk = async ({ session, agent }: Conversation): Promise<void> => {
      let last = 0;
      do last = (await say(agent, session, randomId())).seq;
      while (isLeaving);
      await agent.event(session, last);
      expect(seqsOf(agent, session)).toEqual(upTo(last));
    };
    const talks = conversations.map(talk);
    await one.close();
    isLeaving = false;
    await Promise.all(talks);
  });
});

describe('a process that is paused for longer than its lease', () => {
  test('is replaced, and afterwards refused, while its clients go on', async () => {
    const real = await openGround({ nats: 'one', machines: 2, workers: 1 });
    const crowd = new Crowd(real, tenant, seeded(1));
    try {
      await crowd.enter(8, 50);
      const paused = real.machines[0]?.pid() ?? 0;
      // Appends are under way at this moment: they come out of the process when it goes on, and are too late.
      process.kill(paused, 'SIGSTOP');
      // Long enough for the other to have given it up and stopped sending what its sockets follow.
      await sleep(LEASE_MS + 6_000);
      process.kill(paused, 'SIGCONT');
      expect(await recovered(crowd.conversations)).toEqual([]);
      await crowd.settle();
      expect(crowd.unsettled()).toEqual([]);
      const verdict = await judge(real, crowd, await readTruth(real), { reads: 0, stale: [] }, []);
      expect(isClean(verdict) ? undefined : verdict).toBeUndefined();
    } finally {
      crowd.leave();
      await real.stop();
    }
  }, 240_000);
});

describe('two who believe that they serve the same session', () => {
  test('write one history between them, and each takes in what the other wrote', async () => {
    const { natsUrl = '' } = ground.config;
    const connections = await Promise.all([connectNats({ servers: natsUrl }), connectNats({ servers: natsUrl })]);
    const logs = await Promise.all(connections.map((connection) => NatsEventLog.open(connection)));
    const ref = { tenant, session: 'contested' };
    const seen: number[][] = [[], []];
    const actors = logs.map((log, index) => {
      const world = new VirtualWorld(undefined, index + 1);
      const events = { isDeaf: false, stored: () => undefined, activated: () => undefined };
      const actor = new SessionActor(ref, log, world, events, new SnapshotKeeper(undefined, world));
      actor.follow({ stored: ({ commit }) => commit.events.forEach((_, at) => seen[index]?.push(commit.seq + at)) });
      return actor;
    });
    const [one, other] = actors as [SessionActor, SessionActor];
    const by = { role: 'visitor', id: 'li' } as const;
    const post = (actor: SessionActor, clientId: string): Promise<Answer> =>
      new Promise((answer) => actor.submit({ by, clientId, command: { type: 'PostMessage', text: clientId } }, answer));
    const opened = await new Promise<Answer>((answer) =>
      one.submit({ by, clientId: 'open', command: { type: 'OpenSession', visitor: { id: 'li' } } }, answer),
    );
    expect(opened._tag).toBe('Right');
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        // The same command to both, as after a request whose answer was lost.
        const id = `say ${index}`;
        return [await post(index % 2 === 0 ? one : other, id), await post(index % 2 === 0 ? other : one, id)] as const;
      }),
    );
    // Where both were given an answer it is the same one, and the later one says so.
    const told = answers.flatMap(([first, second]) =>
      first._tag === 'Right' && second._tag === 'Right' ? [[first.right, second.right] as const] : [],
    );
    expect(told.length).toBeGreaterThan(0);
    expect(told.map(([, second]) => second)).toEqual(told.map(([first]) => ({ ...first, repeated: true })));
    const head = (await logs[0]?.head()) ?? 0;
    for (const actor of actors) actor.heard(head);
    const states = await Promise.all(actors.map((actor) => actor.refreshed()));
    expect(states.map((state) => (state._tag === 'Right' ? state.right.seq : state.left))).toEqual([41, 41]);
    for (const seqs of seen) expect(seqs).toEqual(upTo(41));
    for (const log of logs) log.close();
    await Promise.all(connections.map((connection) => connection.close()));
  });
});
