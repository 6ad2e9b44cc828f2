/** The client SDK against the real server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { configure, type Kefu, startKefu } from '../../infra/backbone.ts';
import {
  connectKefu,
  type KefuClient,
  openAnonymously,
  realAmbient,
  type SessionEvent,
} from '../../infra/client/index.ts';

const SECRET = 'the secret of a test, long enough for HS256';

const serving = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kefu-client-'));
  const config = configure({ host: '127.0.0.1', port: 0, dataDir, logLevel: 'warn', secret: SECRET });
  let kefu: Kefu = await startKefu(config);
  const { url } = kefu;
  const clients: KefuClient[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.close();
    await kefu.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const connect = (token: string | (() => Promise<string>)): KefuClient => {
    const client = connectKefu({ url, token, WebSocket });
    clients.push(client);
    return client;
  };
  const tokenFor = (role: string, sub: string): Promise<string> =>
    new SignJWT({ role, tenant: 'default' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(sub)
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(SECRET));
  return {
    url,
    connect,
    tokenFor,
    restart: async () => {
      await kefu.close();
      kefu = await startKefu({ ...config, port: Number(new URL(url).port) });
    },
  };
};

const until = async (holds: () => boolean): Promise<void> => {
  await expect.poll(holds, { timeout: 20_000, interval: 10 }).toBe(true);
};

test('a conversation between a visitor and an agent', async () => {
  const { url, connect, tokenFor } = await serving();
  const clientId = realAmbient.randomId();
  const { session, token } = await openAnonymously({ url, clientId, visitor: { name: 'Li' } });
  expect(await openAnonymously({ url, clientId, visitor: { name: 'Li' } })).toMatchObject({ session });

  const seen: SessionEvent[] = [];
  const visitor = connect(token).join(session, { onEvent: (event) => seen.push(event) });
  const inbox: string[] = [];
  const agentClient = connect(await tokenFor('agent', 'alice'));
  agentClient.watch({}, (view) => inbox.push(`${view.visitor.name} ${view.status}`));

  const ack = await visitor.say('转人工');
  await until(() => visitor.status === 'queued');
  await until(() => inbox.includes('Li queued'));
  expect(seen.find(({ seq }) => seq === ack.seq)?.event).toMatchObject({ type: 'MessagePosted', text: '转人工' });

  const staffSees: SessionEvent[] = [];
  const typed: boolean[] = [];
  const agent = agentClient.join(session, { onEvent: (event) => staffSees.push(event) });
  await agent.do({ type: 'ClaimSession' });
  await expect(agent.do({ type: 'ClaimSession' })).rejects.toMatchObject({
    code: 'refused',
    reason: 'already_assigned',
  });
  await agent.do({ type: 'AddNote', text: 'for colleagues' });
  await agent.say('您好');
  await until(() => seen.some(({ event }) => event.type === 'MessagePosted' && event.text === '您好'));
  expect(seen.filter(({ event }) => event.type === 'Hidden').length).toBeGreaterThanOrEqual(2);
  expect(staffSees.some(({ event }) => event.type === 'NoteAdded')).toBe(true);
  connect(token).join(session, { onTyping: ({ on }) => typed.push(on) });
  await until(() => {
    agent.typing(true);
    return typed.includes(true);
  });

  await agent.do({ type: 'CloseSession' });
  await visitor.do({ type: 'RateSession', score: 5 });
  await expect(visitor.say('late')).rejects.toMatchObject({ reason: 'session_closed' });
  const page = await visitor.history({ limit: 1 });
  expect(page.messages.map(({ text }) => text)).toEqual(['您好']);
  expect(page.next).not.toBeNull();
  expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
});

test('what is said while the server restarts is stored once and in order', { timeout: 60_000 }, async () => {
  const { url, connect, restart } = await serving();
  const { session, token } = await openAnonymously({ url });
  const seen: SessionEvent[] = [];
  const states: string[] = [];
  const client = connect(token);
  client.onState((state) => states.push(state));
  const visitor = client.join(session, { onEvent: (event) => seen.push(event) });
  await visitor.do({ type: 'RequestHandoff' });

  const texts = Array.from({ length: 60 }, (_, at) => `message ${at}`);
  const said: Promise<unknown>[] = [];
  const speaking = (async () => {
    for (const text of texts) {
      said.push(visitor.say(text));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  await restart();
  await speaking;
  await Promise.all(said);
  await until(
    () => seen.at(-1)?.event.type === 'MessagePosted' && visitor.lastSeq === seen.length && seen.length >= 62,
  );
  expect(states).toContain('connecting');
  expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
  const stored = seen.flatMap(({ event }) => (event.type === 'MessagePosted' ? [event.text] : []));
  expect(stored).toEqual(texts);
});

test('a session opened over the socket is joined, and is the same when opened again', async () => {
  const { connect, tokenFor } = await serving();
  const seqs: number[] = [];
  const token = await tokenFor('visitor', 'li');
  const client = connect(token);
  const opened = await client.open({ clientId: 'order-1024', locale: 'zh', onEvent: ({ seq }) => seqs.push(seq) });
  const { seq } = await opened.say('你好');
  await until(() => seqs.includes(seq));
  const again = await connect(() => Promise.resolve(token)).open({ clientId: 'order-1024', locale: 'zh' });
  expect(again.session).toBe(opened.session);
  await until(() => again.lastSeq >= seq);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  const agent = connect(await tokenFor('agent', 'alice'));
  await expect(agent.open({})).rejects.toMatchObject({ code: 'forbidden', reason: 'role_may_not' });
});
