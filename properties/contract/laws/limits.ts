/** What happens at a limit, on a server whose limits are small. */
import { describe, expect, test } from 'vitest';
import type { Limits } from '../../../infra/backbone.ts';
import { expectProblem } from '../http-client.ts';
import type { Kefu } from '../kefu.ts';
import { readLines } from '../lines.ts';
import { UnreadSocket } from '../unread-socket.ts';

export const smallLimits = {
  framesPerSocketPerSecond: 20,
  socketBufferBytes: 256 * 1024,
  sessionsPerSocket: 2,
  anonymousSessionsPerAddressPerMinute: 3,
} satisfies Partial<Limits>;

/** Longest texts, each six bytes a character once escaped: seven megabytes, more than a kernel keeps for an unread connection. */
const LONG_TEXTS = 150;
const LONG_TEXT = '\u0001'.repeat(8_000);

export const limitLaws = (tight: () => Kefu): void => {
  describe('at a limit', () => {
    test('a visitor who floods is closed with 4429', async () => {
      const { session, visitor, path } = await tight().tenant().queued();
      const socket = await visitor.socket();
      const flood = smallLimits.framesPerSocketPerSecond * 10;
      for (let turn = 0; turn < flood; turn++) socket.send({ type: 'say', id: `a${turn}`, session, text: 'x' });
      expect(await socket.closed).toMatchObject({ code: 4429 });
      // What came in behind the limit was not taken on.
      const { body } = await visitor.http.get<{ seq: number }>(path());
      expect(body.seq).toBeLessThan(flood);
    });

    test('too slow a reader is closed with 4408, and those who read are not', async () => {
      const tenant = tight().tenant();
      const agent = tenant.person('agent');
      const { session, bound } = await tenant.assigned(agent);
      const [speaker, listener] = [await agent.socket(), await bound.socket()];
      const frozen = await UnreadSocket.connect(tight().url, bound.token);
      frozen.send({ type: 'join', id: 'a1', session });
      await listener.expect('joined', { type: 'join', session });
      for (let turn = 0; turn < LONG_TEXTS; turn++)
        await speaker.expect('ack', { type: 'say', session, text: LONG_TEXT });
      await listener.event(session, 2 + LONG_TEXTS);
      const { code, frames } = await frozen.readToEnd();
      expect(code).toBe(4408);
      expect(frames).toBeLessThan(LONG_TEXTS);
      await listener.ping();
    });

    test('a slow reader who joins a long past is waited for', async () => {
      const tenant = tight().tenant();
      const agent = tenant.person('agent');
      const { session } = await tenant.assigned(agent);
      const [speaker, listener] = [await agent.socket(), await agent.socket()];
      for (let turn = 0; turn < 40; turn++) await speaker.expect('ack', { type: 'say', session, text: LONG_TEXT });
      await listener.expect('joined', { type: 'join', session });
      expect(await listener.events(session, 42)).toHaveLength(42);
    });

    test('a slow reader of the tenant’s facts is waited for', async () => {
      const tenant = tight().tenant();
      const agent = tenant.person('agent');
      const { session } = await tenant.assigned(agent);
      const speaker = await agent.socket();
      for (let turn = 0; turn < 40; turn++) await speaker.expect('ack', { type: 'say', session, text: LONG_TEXT });
      const stream = await readLines(agent.http, '/v1/events');
      // By one line at a time the server has to wait many times over.
      for (let seq = 1; seq <= 42; seq++) expect(await stream.take(1)).toMatchObject([{ seq }]);
      await stream.end();
      expect(tight().warnings).toEqual([]);
    });

    test('a socket joins no more sessions, until it leaves one', async () => {
      const tenant = tight().tenant();
      const visitor = tenant.person('visitor');
      const [one, two, three] = [
        await tenant.opened(visitor),
        await tenant.opened(visitor),
        await tenant.opened(visitor),
      ];
      const socket = await visitor.socket();
      for (const { session } of [one, two, two]) await socket.expect('joined', { type: 'join', session });
      const refused = await socket.ask({ type: 'join', session: three.session });
      expect(refused).toMatchObject({ type: 'refused', code: 'rate_limited' });
      await socket.expect('left', { type: 'leave', session: one.session });
      await socket.expect('joined', { type: 'join', session: three.session });
    });

    test('an address opens no more anonymous sessions, and is told when to come back', async () => {
      const answers = [];
      for (let turn = 0; turn <= smallLimits.anonymousSessionsPerAddressPerMinute; turn++)
        answers.push(await tight().anyone.post('/v1/sessions', {}));
      const refused = answers.at(-1);
      expect(answers.slice(0, -1).map(({ status }) => status)).toEqual([201, 201, 201]);
      if (refused === undefined) throw new Error('nothing was asked');
      expectProblem(refused, 429, 'rate_limited');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await tight().tenant().person('visitor').http.post('/v1/sessions', {})).status).toBe(201);
    });
  });
};
