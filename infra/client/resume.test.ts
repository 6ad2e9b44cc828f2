import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PretendServer } from '../../properties/client/pretend-server.ts';
import { VirtualAmbient } from '../../properties/client/virtual-ambient.ts';
import { connectKefu, type Joined, type SessionEvent } from './index.ts';

const SESSION = 's1';

const joined = async (after = 0, seed = 1) => {
  const server = new PretendServer();
  const ambient = new VirtualAmbient(seed);
  const kefu = connectKefu({ url: 'https://kefu.test', token: 't', WebSocket: server.Socket, ambient });
  const events: SessionEvent[] = [];
  const joins: Joined[] = [];
  const chat = kefu.join(SESSION, {
    after,
    onEvent: (event) => events.push(event),
    onJoined: (each) => joins.push(each),
  });
  await ambient.pass(0);
  return { server, ambient, kefu, chat, events, joins, seqs: () => events.map(({ seq }) => seq) };
};

describe('a joined session', () => {
  test('connects with the subprotocol and the token beside it', async () => {
    const { server } = await joined();
    expect(server.socket.url).toBe('wss://kefu.test/v1/socket');
    expect(server.socket.protocols).toEqual(['kefu.v1', 'bearer.t']);
  });

  test('gives what is there, then what comes', async () => {
    const { server, seqs, chat } = await joined();
    server.post(SESSION, 'one');
    server.post(SESSION, 'two');
    expect(seqs()).toEqual([1, 2]);
    expect(chat.lastSeq).toBe(2);
    expect(chat.status).toBe('assistant');
  });

  test('resumes after a lost connection without gap or repeat', async () => {
    const { server, ambient, seqs, joins } = await joined();
    server.post(SESSION, 'one');
    server.socket.end(1006);
    server.post(SESSION, 'two');
    server.post(SESSION, 'three');
    await ambient.pass(1_000);
    expect(server.socket.sentOf('join')[0]).toMatchObject({ session: SESSION, after: 1 });
    expect(seqs()).toEqual([1, 2, 3]);
    expect(joins.map(({ recovered }) => recovered)).toEqual([true, true]);
  });

  test('drops repeats and joins again on a gap', async () => {
    const { server, ambient, seqs } = await joined();
    const one = server.post(SESSION, 'one');
    server.socket.give(one);
    server.events(SESSION).push({ ...one, seq: 2 });
    server.post(SESSION, 'three');
    expect(seqs()).toEqual([1]);
    await ambient.pass(0);
    expect(server.sockets).toHaveLength(1);
    expect(seqs()).toEqual([1, 2, 3]);
  });

  test('tries another connection when joining again does not fill the gap', async () => {
    const { server, ambient, seqs } = await joined();
    const one = server.post(SESSION, 'one');
    server.intercept = (frame, socket) => {
      if (frame.type !== 'join' || socket !== server.sockets[0]) return undefined;
      socket.give({
        type: 'joined',
        id: frame.id,
        session: SESSION,
        seq: 3,
        status: 'queued',
        recovered: true,
        from: 2,
      });
      socket.give({ ...one, seq: 3 });
      return 'swallow';
    };
    server.events(SESSION).push({ ...one, seq: 2 });
    server.post(SESSION, 'three');
    await ambient.pass(1_000);
    expect(server.sockets).toHaveLength(2);
    expect(seqs()).toEqual([1, 2, 3]);
  });

  test('says so when not everything can be recovered, and goes on from what there is', async () => {
    const { server, ambient, seqs, joins, chat } = await joined(500);
    expect(joins).toEqual([{ session: SESSION, seq: 0, status: 'assistant', recovered: false, from: 1 }]);
    server.post(SESSION, 'one');
    await ambient.pass(0);
    expect(seqs()).toEqual([1]);
    expect(chat.lastSeq).toBe(1);
  });

  test('tells of a refused join once, and does not ask again', async () => {
    const { server, ambient, kefu } = await joined();
    server.intercept = (frame, socket) => {
      if (frame.type !== 'join') return undefined;
      socket.give({ type: 'refused', id: frame.id, code: 'not_found', message: 'there is no such session' });
      return 'swallow';
    };
    const codes: string[] = [];
    kefu.join('nowhere', { onRefused: ({ code }) => codes.push(code) });
    await ambient.pass(0);
    server.socket.end(1006);
    server.intercept = undefined;
    await ambient.pass(1_000);
    expect(codes).toEqual(['not_found']);
    expect(server.socket.sentOf('join').map(({ session }) => session)).toEqual([SESSION]);
  });

  test('asks again for a join that was refused as unavailable', async () => {
    const { server, ambient, kefu } = await joined();
    let refusals = 0;
    server.intercept = (frame, socket) => {
      if (frame.type !== 'join' || ++refusals > 3) return undefined;
      socket.give({ type: 'refused', id: frame.id, code: 'unavailable', message: 'not now' });
      return 'swallow';
    };
    server.post('s2', 'one');
    const seqs: number[] = [];
    kefu.join('s2', { onEvent: ({ seq }) => seqs.push(seq) });
    await ambient.pass(20_000);
    expect(seqs).toEqual([1]);
  });

  test('left, gives nothing more and is not joined again', async () => {
    const { server, ambient, chat, seqs } = await joined();
    chat.leave();
    await ambient.pass(0);
    server.post(SESSION, 'one');
    server.socket.end(1006);
    await ambient.pass(1_000);
    expect(server.socket.sentOf('join')).toEqual([]);
    expect(seqs()).toEqual([]);
  });

  test('joined again, goes on in the new handle alone', async () => {
    const { server, ambient, kefu, chat, seqs } = await joined();
    server.post(SESSION, 'one');
    const later: number[] = [];
    kefu.join(SESSION, { onEvent: ({ seq }) => later.push(seq) });
    chat.leave();
    await ambient.pass(0);
    server.post(SESSION, 'two');
    expect(seqs()).toEqual([1]);
    expect(later).toEqual([1, 2]);
  });
});

test('whatever the line does to the events, the application gets each once and in order', async () => {
  const mishap = fc.constantFrom('post', 'post', 'post', 'repeat', 'withhold', 'cut', 'restart', 'pass');
  await fc.assert(
    fc.asyncProperty(fc.array(mishap, { maxLength: 60 }), fc.integer(), async (mishaps, seed) => {
      const { server, ambient, seqs } = await joined(0, seed);
      for (const each of mishaps) {
        const events = server.events(SESSION);
        const last = events.at(-1);
        if (each === 'post') server.post(SESSION, 'text');
        else if (each === 'repeat' && last !== undefined) server.socket.give(last);
        else if (each === 'withhold' && last !== undefined) events.push({ ...last, seq: last.seq + 1 });
        else if (each === 'cut') server.socket.end(1006);
        else if (each === 'restart') server.socket.end(1012);
        else if (each === 'pass') await ambient.pass(500);
      }
      server.post(SESSION, 'the last');
      await ambient.pass(60_000);
      expect(seqs()).toEqual(server.events(SESSION).map(({ seq }) => seq));
    }),
    { numRuns: 200 },
  );
});
