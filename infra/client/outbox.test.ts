import { describe, expect, test } from 'vitest';
import { PretendServer } from '../../properties/client/pretend-server.ts';
import { VirtualAmbient } from '../../properties/client/virtual-ambient.ts';
import { connectKefu, KefuOutboxFull, KefuRefusal, KefuStopped } from './index.ts';

const connected = async (outboxMax?: number) => {
  const server = new PretendServer();
  const ambient = new VirtualAmbient();
  const bound = outboxMax === undefined ? {} : { outboxMax };
  const kefu = connectKefu({ url: 'http://kefu.test:8080/', token: 't', WebSocket: server.Socket, ambient, ...bound });
  const chat = kefu.join('s1', {});
  await ambient.pass(0);
  return { server, ambient, kefu, chat };
};

describe('what is said', () => {
  test('resolves with the ack', async () => {
    const { ambient, chat } = await connected();
    const said = chat.say('hello');
    await ambient.pass(0);
    expect(await said).toEqual({ session: 's1', seq: 1, at: 1_001, messageId: 'm1' });
  });

  test('and not acked is sent again with the same id, and resolves once', async () => {
    const { server, ambient, chat } = await connected();
    server.intercept = (frame) => (frame.type === 'say' ? 'swallow' : undefined);
    let resolved = 0;
    const said = chat.say('hello').then((ack) => {
      resolved += 1;
      return ack;
    });
    await ambient.pass(0);
    const [first] = server.socket.sentOf('say');
    server.intercept = undefined;
    server.socket.end(1006);
    await ambient.pass(1_000);
    expect(server.sockets).toHaveLength(2);
    expect(server.socket.sentOf('say')).toEqual([first]);
    expect((await said).seq).toBe(1);
    server.socket.end(1006);
    await ambient.pass(1_000);
    expect(server.socket.sentOf('say')).toEqual([]);
    expect(resolved).toBe(1);
  });

  test('and stored, but whose ack was lost, is stored once', async () => {
    const { server, ambient, chat } = await connected();
    server.intercept = (frame, socket) => {
      // It is stored, and the connection is gone before the ack has left.
      if (frame.type === 'say') socket.isOpen = false;
      return undefined;
    };
    const said = chat.say('hello');
    await ambient.pass(0);
    server.intercept = undefined;
    server.socket.end(1006);
    await ambient.pass(1_000);
    expect((await said).seq).toBe(1);
    expect(server.events('s1')).toHaveLength(1);
  });

  test('before there is a connection waits for it', async () => {
    const server = new PretendServer();
    const ambient = new VirtualAmbient();
    server.reachable = false;
    const kefu = connectKefu({ url: 'wss://kefu.test/v1/socket', token: 't', WebSocket: server.Socket, ambient });
    const said = kefu.join('s1', {}).say('hello');
    await ambient.pass(5_000);
    expect(kefu.state).toBe('connecting');
    server.reachable = true;
    await ambient.pass(60_000);
    expect((await said).seq).toBe(1);
  });

  test('first stands first, also when it is the first that has to be said again', async () => {
    const { server, ambient, chat } = await connected();
    let refusals = 0;
    server.intercept = (frame, socket) => {
      if (frame.type !== 'say' || frame.text !== 'one' || ++refusals > 2) return undefined;
      socket.give({ type: 'refused', id: frame.id, code: 'unavailable', message: 'not now' });
      return 'swallow';
    };
    const said = ['one', 'two', 'three'].map((text) => chat.say(text));
    await ambient.pass(30_000);
    expect((await Promise.all(said)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(new Set(server.socket.sentOf('say').map(({ id }) => id)).size).toBe(3);
    expect(server.events('s1').map(({ event }) => event['text'])).toEqual(['one', 'two', 'three']);
  });

  test('is not sent again because more is said', async () => {
    const { server, ambient, chat } = await connected();
    server.intercept = (frame) => (frame.type === 'say' ? 'swallow' : undefined);
    for (const text of ['one', 'two']) void chat.say(text).catch(() => undefined);
    await ambient.pass(0);
    expect(server.socket.sentOf('say').map(({ text }) => text)).toEqual(['one']);
  });

  test('in one session does not wait for another', async () => {
    const { server, ambient, kefu, chat } = await connected();
    server.intercept = (frame) => (frame.type === 'say' && frame.session === 's1' ? 'swallow' : undefined);
    void chat.say('stuck').catch(() => undefined);
    const other = kefu.join('s2', {}).say('hello');
    await ambient.pass(0);
    expect((await other).session).toBe('s2');
  });
});

describe('a refusal', () => {
  test('rejects, typed', async () => {
    const { server, ambient, chat } = await connected();
    server.intercept = (frame, socket) => {
      if (frame.type !== 'do') return undefined;
      const said = { code: 'refused', reason: 'already_assigned', message: 'the session is assigned to bob' };
      socket.give({ type: 'refused', id: frame.id, ...said });
      return 'swallow';
    };
    const claimed = chat.do({ type: 'ClaimSession' }).catch((error: unknown) => error);
    await ambient.pass(0);
    const error = await claimed;
    expect(error).toBeInstanceOf(KefuRefusal);
    expect(error).toMatchObject({ code: 'refused', reason: 'already_assigned', message: /bob/ });
  });

  test('as unavailable is tried again with the same id, within a bound', async () => {
    const { server, ambient, chat } = await connected();
    server.intercept = (frame, socket) => {
      if (frame.type !== 'say') return undefined;
      socket.give({ type: 'refused', id: frame.id, code: 'unavailable', message: 'not now' });
      return 'swallow';
    };
    const said = chat.say('hello').catch((error: unknown) => error);
    await ambient.pass(300_000);
    expect(await said).toMatchObject({ name: 'KefuRefusal', code: 'unavailable' });
    const sent = server.socket.sentOf('say');
    expect(sent).toHaveLength(11);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  });
});

describe('bounds', () => {
  test('a full outbox takes nothing more, and says so', async () => {
    const { server, ambient, chat } = await connected(2);
    server.intercept = () => 'swallow';
    const waiting = [chat.say('one'), chat.say('two')].map((each) => each.catch((error: unknown) => error));
    await expect(chat.say('three')).rejects.toThrow(KefuOutboxFull);
    server.intercept = undefined;
    server.socket.end(1006);
    await ambient.pass(1_000);
    expect(await Promise.all(waiting)).toMatchObject([{ seq: 1 }, { seq: 2 }]);
    await ambient.pass(0);
    await expect(chat.say('four')).resolves.toMatchObject({ seq: 3 });
  });

  test('a frame that no server would read is not sent', async () => {
    const { server, chat } = await connected();
    await expect(chat.say('语'.repeat(30_000))).rejects.toMatchObject({ code: 'too_large' });
    expect(server.socket.sentOf('say')).toEqual([]);
  });

  test('a frame for which the server closed the socket is not sent again', async () => {
    const { server, ambient, chat } = await connected();
    server.intercept = (frame, socket) => {
      if (frame.type === 'say') socket.end(1009);
      return frame.type === 'say' ? 'swallow' : undefined;
    };
    const said = chat.say('hello').catch((error: unknown) => error);
    await ambient.pass(5_000);
    expect(await said).toMatchObject({ code: 'too_large' });
    expect(server.socket.sentOf('say')).toEqual([]);
  });
});

describe('asking', () => {
  test('open joins the session and gives its first event', async () => {
    const { ambient, kefu, server } = await connected();
    const seqs: number[] = [];
    const opened = kefu.open({ visitor: { name: 'Li' }, locale: 'zh', onEvent: ({ seq }) => seqs.push(seq) });
    await ambient.pass(0);
    const handle = await opened;
    expect(handle.session).toBe(`s-${server.socket.sentOf('open')[0]?.id}`);
    expect(seqs).toEqual([1]);
    expect(server.socket.sentOf('join')).toHaveLength(1);
    server.post(handle.session, 'two');
    server.socket.end(1012);
    server.post(handle.session, 'three');
    await ambient.pass(2_000);
    expect(seqs).toEqual([1, 2, 3]);
  });

  test('history survives a lost connection', async () => {
    const { server, ambient, chat } = await connected();
    server.intercept = (frame) => (frame.type === 'history' ? 'swallow' : undefined);
    const page = chat.history({ before: 18, limit: 20 });
    await ambient.pass(0);
    server.intercept = undefined;
    server.socket.end(1006);
    await ambient.pass(1_000);
    expect(await page).toEqual({ messages: [], next: null });
    expect(server.socket.sentOf('history')[0]).toMatchObject({ session: 's1', before: 18, limit: 20 });
  });

  test('to mark as read what is marked already sends nothing', async () => {
    const { server, ambient, chat } = await connected();
    await Promise.all([chat.markRead(3), chat.markRead(2), chat.markRead(3), ambient.pass(0)]);
    expect(server.socket.sentOf('do').map(({ command }) => command)).toEqual([{ type: 'MarkRead', upTo: 3 }]);
  });

  test('of a closed client is rejected, and so is what waits', async () => {
    const { server, ambient, kefu, chat } = await connected();
    server.intercept = () => 'swallow';
    const said = chat.say('hello').catch((error: unknown) => error);
    kefu.close();
    expect(await said).toBeInstanceOf(KefuStopped);
    await expect(chat.say('again')).rejects.toMatchObject({ why: 'closed' });
    await ambient.pass(600_000);
    expect(server.sockets).toHaveLength(1);
    expect(ambient.timers).toBe(0);
  });
});
