/** The socket's frames, one by one. */
import { describe, expect, test } from 'vitest';
import { type Kefu, randomId, said } from '../kefu.ts';
import { anyNumber, anyText } from '../shapes.ts';

export const frameLaws = (kefu: () => Kefu): void => {
  describe('open', () => {
    test('opens a session, acknowledges it, and joins it from the start', async () => {
      const visitor = kefu().tenant().person('visitor');
      const socket = await visitor.socket();
      socket.send({ type: 'open', id: 'a1', visitor: { name: 'Li' }, locale: 'zh', metadata: { page: '/cart' } });
      const ack = await socket.next('ack');
      expect(ack).toEqual({ type: 'ack', id: 'a1', session: anyText, seq: 1, at: anyNumber });
      const { session, at } = ack;
      const status = 'assistant';
      const joined = { type: 'joined', id: 'a1', session, seq: 1, status, recovered: true, from: 1 };
      expect(await socket.next('joined')).toEqual(joined);
      expect(await socket.event(session, 1)).toEqual({
        type: 'event',
        session,
        seq: 1,
        at,
        event: {
          type: 'SessionOpened',
          visitor: { id: visitor.id, name: 'Li' },
          locale: 'zh',
          metadata: { page: '/cart' },
          by: { role: 'visitor', id: visitor.id },
        },
      });
    });

    test('again with the same id after a reconnect gives the same session and the same ack', async () => {
      const visitor = kefu().tenant().person('visitor');
      const first = await visitor.socket();
      const ack = await first.expect('ack', { type: 'open', id: 'a1' });
      first.terminate();
      const second = await visitor.socket();
      expect(await second.expect('ack', { type: 'open', id: 'a1' })).toEqual(ack);
      expect(await second.next('joined')).toMatchObject({ session: ack.session, recovered: true });
      await second.event(ack.session, 1);
    });

    test('lets the service open for a visitor, and nobody else for another', async () => {
      const tenant = kefu().tenant();
      const service = await tenant.person('service').socket();
      const ack = await service.expect('ack', { type: 'open', visitor: { id: 'customer-7' } });
      const opened = await service.event(ack.session, 1);
      expect(opened.event).toMatchObject({ visitor: { id: 'customer-7' } });
      for (const role of ['visitor', 'agent', 'analyst'] as const) {
        const socket = await tenant.person(role).socket();
        const refused = await socket.ask({ type: 'open', visitor: { id: 'customer-7' } });
        expect(refused).toMatchObject({ type: 'refused', code: 'forbidden' });
      }
    });
  });

  describe('say', () => {
    test('is acknowledged, and its speaker gets the event too', async () => {
      const { session, visitor } = await kefu().tenant().queued();
      const socket = await visitor.socket();
      await socket.expect('joined', { type: 'join', session });
      const ack = await socket.expect('ack', { type: 'say', id: 'a3', session, text: 'hello' });
      const { at, messageId } = ack;
      expect(ack).toEqual({ type: 'ack', id: 'a3', session, seq: 3, messageId: anyText, at });
      const event = {
        type: 'MessagePosted',
        messageId,
        author: { role: 'visitor', id: visitor.id },
        text: 'hello',
      };
      expect(await socket.event(session, 3)).toEqual({ type: 'event', session, seq: 3, at, event });
    });

    test('needs no join, and without one brings no events', async () => {
      const { session, visitor } = await kefu().tenant().queued();
      const socket = await visitor.socket();
      await socket.expect('ack', { type: 'say', session, text: 'hello' });
      await socket.ping();
      expect(socket.got('event')).toEqual([]);
    });

    test('reaches everybody who has joined, in the order of the acks', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const { session, visitor } = await tenant.assigned(agent);
      const sockets = [await visitor.socket(), await agent.socket(), await tenant.person('analyst').socket()];
      for (const socket of sockets) await socket.expect('joined', { type: 'join', session });
      const acks = await Promise.all(
        sockets
          .slice(0, 2)
          .flatMap((socket) =>
            Array.from({ length: 25 }, (_, turn) =>
              socket.expect('ack', { type: 'say', session, text: `turn ${turn}` }),
            ),
          ),
      );
      const spoken = acks.toSorted((a, b) => a.seq - b.seq).map(({ seq, messageId, at }) => ({ seq, messageId, at }));
      expect(spoken.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, index) => index + 3));
      for (const socket of sockets) {
        const events = await socket.events(session, 52);
        expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 52 }, (_, index) => index + 1));
        const heard = events.slice(2).map(({ seq, at, event }) => ({ seq, messageId: event['messageId'], at }));
        expect(heard).toEqual(spoken);
      }
    });

    test('of one socket keeps the order in which it was said', async () => {
      const { session, visitor, path } = await kefu().tenant().queued();
      const socket = await visitor.socket();
      const texts = Array.from({ length: 100 }, (_, turn) => `turn ${turn}`);
      await Promise.all(texts.map((text) => socket.expect('ack', { type: 'say', session, text })));
      const { body } = await visitor.http.get<{ messages: { text: string }[] }>(path('/messages?limit=200'));
      expect(body.messages.map(({ text }) => text)).toEqual(texts);
    });

    test('to a session that is not there, or is closed, is refused with its id', async () => {
      const { visitor } = await kefu().tenant().opened();
      const socket = await visitor.socket();
      const refused = await socket.ask({ type: 'say', id: 'a9', session: 'nowhere', text: 'hello' });
      expect(refused).toEqual({ type: 'refused', id: 'a9', code: 'not_found', message: anyText });
    });
  });

  describe('leave', () => {
    test('ends the events of one session and leaves the others', async () => {
      const tenant = kefu().tenant();
      const visitor = tenant.person('visitor');
      const [one, two] = [await tenant.queued(visitor), await tenant.queued(visitor)];
      const [socket, witness] = [await visitor.socket(), await visitor.socket()];
      for (const { session } of [one, two]) await socket.expect('joined', { type: 'join', session });
      await witness.expect('joined', { type: 'join', session: one.session });
      const left = await socket.ask({ type: 'leave', id: 'a5', session: one.session });
      expect(left).toEqual({ type: 'left', id: 'a5', session: one.session });
      await said(visitor, one, 'to one');
      await witness.event(one.session, 3);
      await said(visitor, two, 'to two');
      await socket.event(two.session, 3);
      expect(socket.got('event').filter(({ session }) => session === one.session)).toHaveLength(2);
    });

    test('and join again goes on where one left', async () => {
      const opened = await kefu().tenant().queued();
      const { session, visitor } = opened;
      const socket = await visitor.socket();
      await socket.expect('joined', { type: 'join', session });
      await socket.event(session, 2);
      await socket.expect('left', { type: 'leave', session });
      await said(visitor, opened, 'meanwhile');
      await socket.expect('joined', { type: 'join', session, after: 2 });
      const events = await socket.events(session, 3);
      expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    });
  });

  describe('typing', () => {
    test('goes both ways between those who have joined, and is no fact', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const { session, visitor, path } = await tenant.assigned(agent);
      const [visitors, agents] = [await visitor.socket(), await agent.socket()];
      for (const socket of [visitors, agents]) await socket.expect('joined', { type: 'join', session });
      visitors.send({ type: 'typing', session, on: true });
      const author = { role: 'visitor', id: visitor.id };
      expect(await agents.next('typing')).toEqual({ type: 'typing', session, on: true, author });
      agents.send({ type: 'typing', session, on: false });
      const other = { role: 'agent', id: agent.id };
      expect(await visitors.next('typing')).toEqual({ type: 'typing', session, on: false, author: other });
      expect((await agent.http.get<{ seq: number }>(path())).body.seq).toBe(2);
      await visitors.ping();
      expect(visitors.got('typing')).toHaveLength(1);
    });

    test('is not for those who are elsewhere, nor from them', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const [here, elsewhere] = [await tenant.assigned(agent), await tenant.opened()];
      const { session } = here;
      const sockets = [await here.visitor.socket(), await agent.socket(), await elsewhere.visitor.socket()] as const;
      const [visitors, agents, outsider] = sockets;
      for (const socket of [visitors, agents]) await socket.expect('joined', { type: 'join', session });
      await outsider.expect('joined', { type: 'join', session: elsewhere.session });
      outsider.send({ type: 'typing', session, on: true });
      await outsider.ping();
      visitors.send({ type: 'typing', session, on: true });
      expect((await agents.next('typing')).author.id).toBe(here.visitor.id);
      await agents.expect('left', { type: 'leave', session });
      visitors.send({ type: 'typing', session, on: false });
      await visitors.ping();
      for (const socket of [agents, outsider]) await socket.ping();
      expect(agents.got('typing')).toHaveLength(1);
      expect(outsider.got('typing')).toEqual([]);
    });

    test('of an analyst, who only reads, reaches nobody', async () => {
      const tenant = kefu().tenant();
      const { session, visitor } = await tenant.opened();
      const [visitors, analyst] = [await visitor.socket(), await tenant.person('analyst').socket()];
      for (const socket of [visitors, analyst]) await socket.expect('joined', { type: 'join', session });
      analyst.send({ type: 'typing', session, on: true });
      await analyst.ping();
      await visitors.ping();
      expect(visitors.got('typing')).toEqual([]);
    });
  });

  test('ping is answered with pong', async () => {
    const socket = await kefu().tenant().person('visitor').socket();
    socket.send({ type: 'ping' });
    expect(await socket.next('pong')).toEqual({ type: 'pong' });
  });

  test('history of a session that is not there is refused', async () => {
    const socket = await kefu().tenant().person('agent').socket();
    expect(await socket.ask({ type: 'history', session: randomId() })).toMatchObject({ code: 'not_found' });
  });

  test('`type` is the first key of every frame, of whichever type', async () => {
    const tenant = kefu().tenant();
    const agent = tenant.person('agent');
    const { session, visitor } = await tenant.assigned(agent);
    const [socket, other] = [await agent.socket(), await visitor.socket()];
    await other.expect('joined', { type: 'join', session });
    for (const frame of [
      { type: 'join', session },
      { type: 'say', session, text: 'hello' },
      { type: 'history', session },
      { type: 'watch', id: 'w1' },
      { type: 'unwatch', id: 'w1' },
      { type: 'do', session, command: { type: 'ClaimSession' } },
    ])
      await socket.ask(frame);
    other.send({ type: 'typing', session, on: true });
    await socket.next('typing');
    await socket.expect('left', { type: 'leave', session });
    await socket.ping();
    const types = new Set(socket.frames.map(({ type }) => type));
    const expected = [
      'ack',
      'event',
      'history',
      'inbox',
      'joined',
      'left',
      'pong',
      'refused',
      'typing',
      'unwatched',
      'watching',
    ];
    expect([...types].toSorted()).toEqual(expected);
    for (const text of socket.texts) expect(text).toMatch(/^\{"type":"[a-z]+"/);
  });
};
