/** The contract's "In the log": what any program that reads JetStream finds, without a line of Kefu's own code. */
import { jetstream } from '@nats-io/jetstream';
import { connect } from 'nats';
import { expect, test } from 'vitest';
import { configure, startKefu } from '../../infra/backbone.ts';
import { makeLogger } from '../../infra/logging.ts';
import { startNats } from '../servers/nats.ts';
import { startRedis } from '../servers/redis.ts';

interface Body {
  readonly seq: number;
  readonly session: string;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

test('one subject a session, one message a commit, JSON of the promised form', { timeout: 60_000 }, async () => {
  const [nats, redis] = await Promise.all([startNats(), startRedis()]);
  const config = configure({ port: 0, natsUrl: nats.url, redisUrl: redis.url, secret: 'x'.repeat(32) });
  const kefu = await startKefu(config, makeLogger('silent'));
  const post = async (path: string, body: unknown, token?: string): Promise<Record<string, unknown>> => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(kefu.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, unknown>;
  };
  const sessions: string[] = [];
  for (let count = 0; count < 3; count++) {
    const { session, token } = await post('/v1/sessions', {});
    sessions.push(String(session));
    for (const clientId of ['a', 'b'])
      await post(`/v1/sessions/${String(session)}/messages`, { clientId, text: `${clientId} 你好` }, String(token));
  }
  await kefu.close();

  const connection = await connect({ servers: nats.url });
  const consumer = await jetstream(connection).consumers.get('KEFU_EV');
  const subjects = new Map<string, Body[]>();
  for (let left = (await consumer.info()).num_pending; left > 0; left--) {
    const message = await consumer.next();
    const body = message?.json<Body>();
    if (message === null || body === undefined) break;
    subjects.set(message.subject, [...(subjects.get(message.subject) ?? []), body]);
  }
  await connection.close();
  await Promise.all([nats.stop(), redis.stop()]);

  expect(new Set(Array.from(subjects.keys(), (subject) => subject.split('.')[4]))).toEqual(new Set(sessions));
  expect(subjects.size).toBe(sessions.length);
  for (const [subject, commits] of subjects) {
    expect(subject).toMatch(/^kefu\.ev\.default\.\d{1,2}\.[A-Za-z0-9_-]{1,64}$/);
    let seq = 1;
    for (const commit of commits) {
      expect(Object.keys(commit)).toEqual(['v', 'session', 'seq', 'commit', 'at', 'events']);
      expect(commit).toMatchObject({ v: 1, session: subject.split('.')[4], seq });
      seq += commit.events.length;
    }
    const said = commits.flatMap(({ events }) => events).filter((event) => event['clientId'] === 'a');
    expect(said[0]).toMatchObject({ type: 'MessagePosted', text: 'a 你好', author: { role: 'visitor' } });
  }
});
