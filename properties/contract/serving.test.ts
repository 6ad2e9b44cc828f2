import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { endRuns, kefu, type Run } from './command-line.ts';
import { embedded, type Ground, natsAndRedis } from './grounds.ts';
import { HttpClient } from './http-client.ts';
import type { Receipt } from './kefu.ts';
import { textLike } from './shapes.ts';
import { connect } from './socket-client.ts';
import { claimsOf, readClaims, signed } from './tokens.ts';

const SECRET = 'a secret that is long enough for HS256 tokens';

interface Opening {
  readonly session: string;
  readonly token: string;
}

interface Up extends Run {
  readonly url: string;
  /** Ends it as a supervisor would. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number | null>;
}

describe.each([embedded, natsAndRedis])('kefu serve on $name', (backend) => {
  let ground: Ground;
  /** Starting is slow, so that a test that leaves its server running leaves it to the next one. */
  let left: Up | undefined;
  beforeAll(async () => {
    ground = await backend.lay();
  });
  afterAll(async () => {
    endRuns();
    await ground.remove();
  });

  const up = async (): Promise<Up> => {
    if (left !== undefined) return left;
    const run = kefu(['serve'], { KEFU_PORT: '0', KEFU_SECRET: SECRET, ...ground.environment });
    const { url } = await run.ready();
    const end = (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
      left = undefined;
      run.signal(signal);
      return run.exited;
    };
    left = { ...run, url, end };
    return left;
  };
  const agentToken = signed(SECRET, claimsOf('agent', 'alice', 'default'));
  /** A session that waits for a person. */
  const open = async (url: string): Promise<Opening> => {
    const opened = await new HttpClient(url, undefined).post<Opening>('/v1/sessions', {});
    const { session, token } = opened.body;
    const handoff = { clientId: 'handoff', type: 'RequestHandoff' };
    await new HttpClient(url, token).post(`/v1/sessions/${session}/commands`, handoff);
    return { session, token };
  };

  test('says that it is ready, and where', async () => {
    const { ready, url } = await up();
    expect(await ready()).toMatchObject({ msg: 'ready', url: textLike(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/) });
    expect((await new HttpClient(url, undefined).get('/readyz')).status).toBe(200);
  });

  test('takes the tokens that `kefu token` prints', async () => {
    const { url } = await up();
    const printed = async (...args: readonly string[]): Promise<string> => {
      const token = kefu(['token', ...args], { KEFU_SECRET: SECRET });
      expect(await token.exited).toBe(0);
      return token.stdout().trim();
    };
    const [agent, visitor] = await Promise.all([
      printed('--role', 'agent', '--sub', 'alice'),
      printed('--role', 'visitor', '--sub', 'vera', '--tenant', 'acme', '--sid', 's-1', '--ttl', '30m'),
    ]);
    const secondsLeft = (token: string): number => Number(readClaims(token).exp) - Date.now() / 1_000;
    expect(readClaims(agent)).toMatchObject({ sub: 'alice', role: 'agent', tenant: 'default' });
    expect(secondsLeft(agent)).toBeCloseTo(8 * 3_600, -2);
    expect(readClaims(visitor)).toMatchObject({ sub: 'vera', role: 'visitor', tenant: 'acme', sid: 's-1' });
    expect(secondsLeft(visitor)).toBeCloseTo(1_800, -2);
    expect((await new HttpClient(url, agent).get('/v1/sessions')).status).toBe(200);
    expect((await new HttpClient(url, visitor).get('/v1/sessions/s-1')).status).toBe(404);
  });

  test('at SIGTERM answers what it has taken on, closes its sockets with 1012 and exits with 0', async () => {
    const first = await up();
    const { session, token } = await open(first.url);
    const socket = await connect(first.url, token);
    await socket.expect('joined', { type: 'join', session });
    const answers = Promise.allSettled(
      Array.from({ length: 190 }, (_, turn) => socket.expect('ack', { type: 'say', session, text: `turn ${turn}` })),
    );
    await socket.event(session, 3);
    const exited = first.end();
    expect(await socket.closed).toMatchObject({ code: 1012 });
    const acks = (await answers).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(await exited).toBe(0);
    expect(first.stdout()).not.toMatch(/"level":[56]0/);
    expect(acks.length).toBeGreaterThan(0);

    const http = new HttpClient((await up()).url, token);
    const { body } = await http.get<{ events: { seq: number; messageId?: string }[] }>(
      `/v1/sessions/${session}/events?limit=200`,
    );
    const stored = new Map(body.events.map(({ seq, messageId }) => [seq, messageId]));
    for (const { seq, messageId } of acks) expect(stored.get(seq)).toBe(messageId);
  });

  test('after a restart has everything, and a retry gets its first answer', async () => {
    const first = await up();
    const { session, token } = await open(first.url);
    const path = `/v1/sessions/${session}`;
    const message = { clientId: 'm1', text: 'remember me' };
    const said = await new HttpClient(first.url, token).post<Receipt>(`${path}/messages`, message);
    const everything = (url: string): Promise<readonly string[]> =>
      Promise.all(
        [path, `${path}/messages`, `${path}/events`, '/v1/sessions', '/v1/events'].map(
          async (each) => (await new HttpClient(url, agentToken).get(each)).text,
        ),
      );
    const before = await everything(first.url);
    expect(await first.end('SIGINT')).toBe(0);

    const second = await up();
    expect(await everything(second.url)).toEqual(before);
    const again = await new HttpClient(second.url, token).post<Receipt>(`${path}/messages`, message);
    expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: said.body });
  });

  test('after kill -9 has everything that was acknowledged', async () => {
    const first = await up();
    const { session, token } = await open(first.url);
    const socket = await connect(first.url, token);
    const acks: number[] = [];
    for (let turn = 0; turn < 20; turn++)
      acks.push((await socket.expect('ack', { type: 'say', session, text: `turn ${turn}` })).seq);
    await first.end('SIGKILL');

    const http = new HttpClient((await up()).url, token);
    const { body } = await http.get<{ messages: { seq: number }[] }>(`/v1/sessions/${session}/messages`);
    expect(body.messages.map(({ seq }) => seq)).toEqual(acks);
  });

  test('at SIGTERM is ready for nothing new, and ends what streams', async () => {
    const run = await up();
    const http = new HttpClient(run.url, agentToken);
    const stream = await http.open('/v1/events?follow=true');
    const exited = run.end();
    await vi.waitFor(
      async () => {
        const status = await http.get('/readyz').then(
          (answer) => answer.status,
          () => 'refused',
        );
        expect([503, 'refused']).toContain(status);
      },
      { interval: 5, timeout: 10_000 },
    );
    expect(await exited).toBe(0);
    await stream.text().catch(() => undefined);
  });
});

describe('kefu serve in development mode', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await embedded.lay();
  });
  afterEach(endRuns);
  afterAll(() => ground.remove());

  test('prints a link that signs an agent in, and keeps its key', async () => {
    const environment = { KEFU_PORT: '0', ...ground.environment };
    const run = kefu(['serve'], environment);
    const { url } = await run.ready();
    const code = await vi.waitFor(() => {
      const found = /\/console#code=(\S+)/.exec(run.stderr())?.[1];
      expect(found).toBeDefined();
      return found;
    });
    const anyone = new HttpClient(url, undefined);
    expect((await anyone.post('/v1/signin', { code: 'a guess' })).status).toBe(401);
    const { status, body } = await anyone.post<{ token: string; role: string }>('/v1/signin', { code, sub: 'alice' });
    expect({ status, body }).toMatchObject({ status: 200, body: { role: 'agent', sub: 'alice', tenant: 'default' } });
    const token = kefu(['token', '--role', 'analyst', '--sub', 'ann'], ground.environment);
    expect(await token.exited).toBe(0);
    run.signal('SIGTERM');
    expect(await run.exited).toBe(0);

    // The ready line is told at every level.
    const again = kefu(['serve'], { ...environment, KEFU_LOG_LEVEL: 'silent' });
    const there = (await again.ready()).url;
    for (const each of [body.token, token.stdout().trim()])
      expect((await new HttpClient(there, each).get('/v1/sessions')).status).toBe(200);
    again.signal('SIGTERM');
    expect(await again.exited).toBe(0);
  });
});
