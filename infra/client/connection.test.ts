import { describe, expect, test } from 'vitest';
import { PretendServer } from '../../properties/client/pretend-server.ts';
import { VirtualAmbient } from '../../properties/client/virtual-ambient.ts';
import { connectKefu, type KefuStopped, type Token } from './index.ts';

const connected = async (token: Token = 't', seed = 1) => {
  const server = new PretendServer();
  const ambient = new VirtualAmbient(seed);
  const kefu = connectKefu({ url: 'https://kefu.test/chat/', token, WebSocket: server.Socket, ambient });
  const states: string[] = [];
  let stopped: KefuStopped | undefined;
  kefu.onState((state, why) => {
    states.push(state);
    stopped = why;
  });
  await ambient.pass(0);
  /** Milliseconds until the next socket, at most `boundMs`. */
  const waited = async (boundMs: number): Promise<number> => {
    const before = server.sockets.length;
    let ms = 0;
    while (server.sockets.length === before && ms < boundMs) {
      await ambient.pass(10);
      ms += 10;
    }
    return ms;
  };
  return { server, ambient, kefu, states, stopped: () => stopped, waited };
};

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const delaysAfter = (code: number): Promise<number[]> =>
  Promise.all(
    seeds.map(async (seed) => {
      const { server, waited } = await connected('t', seed);
      server.socket.end(code);
      return waited(600_000);
    }),
  );

describe('a lost connection', () => {
  test('is told and opened anew', async () => {
    const { server, ambient, states, kefu } = await connected();
    expect(states).toEqual(['connecting', 'open']);
    expect(server.socket.url).toBe('wss://kefu.test/chat/v1/socket');
    server.socket.end(1006);
    expect(kefu.state).toBe('connecting');
    await ambient.pass(1_000);
    expect(states).toEqual(['connecting', 'open', 'connecting', 'open']);
  });

  test('waits longer each time, never longer than ten seconds, and not all alike', async () => {
    const { server, waited } = await connected();
    server.reachable = false;
    server.socket.end(1006);
    const delays: number[] = [];
    for (let attempt = 0; attempt < 40; attempt += 1) delays.push(await waited(60_000));
    expect(Math.max(...delays)).toBeLessThanOrEqual(10_010);
    expect(Math.max(...delays.slice(0, 3))).toBeLessThanOrEqual(4_010);
    expect(Math.max(...delays)).toBeGreaterThan(5_000);
    expect(new Set(delays.slice(10)).size).toBeGreaterThan(20);
  });

  test('that never lasts long is not tried faster for having been open', async () => {
    const { server, waited } = await connected();
    let totalMs = 0;
    for (let attempt = 0; attempt < 12; attempt += 1) {
      server.socket.end(1006);
      totalMs += await waited(60_000);
    }
    expect(totalMs).toBeGreaterThan(20_000);
  });

  test('is found out by the heartbeat', async () => {
    const { server, ambient, states } = await connected();
    await ambient.pass(24_000);
    expect(server.socket.sentOf('ping')).toHaveLength(0);
    await ambient.pass(60_000);
    expect(server.socket.sentOf('ping')).toHaveLength(3);
    expect(server.sockets).toHaveLength(1);
    server.socket.dead = true;
    await ambient.pass(25_000 + 10_000 + 1_000);
    expect(server.sockets).toHaveLength(2);
    expect(states.at(-1)).toBe('open');
  });

  test('is not looked for once the client is closed', async () => {
    const { server, ambient, kefu, states } = await connected();
    server.socket.end(1006);
    kefu.close();
    kefu.close();
    await ambient.pass(600_000);
    expect(server.sockets).toHaveLength(1);
    expect(states.slice(2)).toEqual(['connecting', 'closed']);
  });

  test('is looked for at once when the network is back', async () => {
    const { server, ambient } = await connected();
    server.reachable = false;
    server.socket.end(1006);
    await ambient.pass(120_000);
    server.reachable = true;
    const tries = server.sockets.length;
    await ambient.comeOnline();
    expect(server.sockets.length).toBe(tries + 1);
    expect(server.socket.isOpen).toBe(true);
    await ambient.comeOnline();
    expect(server.sockets.length).toBe(tries + 1);
    expect(server.socket.sentOf('ping')).toHaveLength(1);
  });
});

describe('close codes', () => {
  test('1012: a restart; back soon, not all at once', async () => {
    const delays = await delaysAfter(1012);
    expect(Math.max(...delays)).toBeLessThanOrEqual(1_510);
    expect(new Set(delays).size).toBeGreaterThan(4);
  });

  test('4429: flooding; back after ten seconds or more', async () => {
    const delays = await delaysAfter(4429);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...delays)).toBeLessThanOrEqual(20_010);
  });

  test('4408: too slow a reader; back as after any loss', async () => {
    expect(Math.max(...(await delaysAfter(4408)))).toBeLessThanOrEqual(510);
  });

  test('1008: closed for good, and says why', async () => {
    const { server, ambient, stopped, kefu } = await connected();
    server.socket.end(1008);
    await ambient.pass(600_000);
    expect(server.sockets).toHaveLength(1);
    expect(kefu.state).toBe('closed');
    expect(stopped()).toMatchObject({ why: 'policy', message: expect.stringContaining('1008') as string });
    expect(ambient.timers).toBe(0);
  });

  test('4401: a plain token that expired closes the client for good', async () => {
    const { server, ambient, stopped, kefu } = await connected();
    server.socket.end(4401);
    await ambient.pass(600_000);
    expect(server.sockets).toHaveLength(1);
    expect(kefu.state).toBe('closed');
    expect(stopped()).toMatchObject({ name: 'KefuStopped', why: 'token_expired' });
  });

  test('4401: a function is asked for another token', async () => {
    let asked = 0;
    const { server, ambient, kefu } = await connected(() => `t${++asked}`);
    server.socket.end(1006);
    await ambient.pass(1_000);
    expect(server.socket.protocols).toContain('bearer.t1');
    server.socket.end(4401);
    await ambient.pass(1_000);
    expect(server.socket.protocols).toContain('bearer.t2');
    expect(kefu.state).toBe('open');
  });
});

describe('tokens', () => {
  test('a socket that did not open may have had a token past its time: another is asked for', async () => {
    let asked = 0;
    const { server, ambient } = await connected(() => Promise.resolve(`t${++asked}`));
    server.socket.end(1006);
    server.reachable = false;
    await ambient.pass(1_000);
    server.reachable = true;
    await ambient.pass(10_000);
    expect(asked).toBeGreaterThan(1);
    expect(server.socket.protocols).toContain(`bearer.t${asked}`);
  });

  test('whoever gives them may fail for a while', async () => {
    let asked = 0;
    const { ambient, kefu } = await connected(async () => {
      asked += 1;
      if (asked < 3) throw new Error('not now');
      return 't';
    });
    await ambient.pass(10_000);
    expect(kefu.state).toBe('open');
  });

  test('one that is being fetched while the client is closed opens nothing', async () => {
    const server = new PretendServer();
    const ambient = new VirtualAmbient();
    const kefu = connectKefu({ url: 'https://kefu.test', token: async () => 't', WebSocket: server.Socket, ambient });
    kefu.close();
    await ambient.pass(10_000);
    expect(server.sockets).toEqual([]);
  });

  test('one that cannot stand in a subprotocol closes the client', async () => {
    const ambient = new VirtualAmbient();
    const Strict = class {
      constructor() {
        throw new SyntaxError('invalid subprotocol');
      }
    } as unknown as InstanceType<typeof PretendServer>['Socket'];
    const kefu = connectKefu({ url: 'https://kefu.test', token: 'not a token', WebSocket: Strict, ambient });
    let stopped: KefuStopped | undefined;
    kefu.onState((_, why) => {
      stopped = why;
    });
    await ambient.pass(0);
    expect(stopped).toMatchObject({ why: 'unusable_token' });
  });
});

test('without a WebSocket anywhere it says what to pass', () => {
  const platform = globalThis as { WebSocket?: unknown };
  const own = platform.WebSocket;
  delete platform.WebSocket;
  try {
    expect(() => connectKefu({ url: 'https://kefu.test', token: 't' })).toThrow(/package ws and pass it/);
  } finally {
    if (own !== undefined) platform.WebSocket = own;
  }
});

test.each(['kefu.test', 'ftp://kefu.test', ''])('%j is no address', (url) => {
  expect(() => connectKefu({ url, token: 't', WebSocket: new PretendServer().Socket })).toThrow(TypeError);
});
