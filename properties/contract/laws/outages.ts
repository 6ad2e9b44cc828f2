/** What the contract promises while NATS or Redis is away, on servers that can be killed. */
import { describe, expect, test, vi } from 'vitest';
import type { Limits } from '../../../infra/backbone.ts';
import type { Ground } from '../grounds.ts';
import { expectProblem } from '../http-client.ts';
import { type Kefu, type Receipt, said } from '../kefu.ts';
import { objectWith } from '../shapes.ts';

export const impatient = { appendMs: 500 } satisfies Partial<Limits>;

export const outageLaws = (kefu: () => Kefu, ground: () => Ground): void => {
  const readiness = async (): Promise<unknown> => {
    const { status, body } = await kefu().anyone.get('/readyz');
    return { status, body };
  };
  const becomes = (status: number, troubles: readonly string[]): Promise<unknown> =>
    vi.waitFor(async () => expect(await readiness()).toEqual({ status, body: { ready: status === 200, troubles } }), {
      timeout: 15_000,
      interval: 50,
    });

  describe('while Redis is away', () => {
    test('/readyz names it, and what was acknowledged is read from the log', async () => {
      const { redis } = ground().servers ?? {};
      const opened = await kefu().tenant().queued();
      await redis?.kill();
      await becomes(503, ['redis']);
      const { messageId } = await said(opened.visitor, opened, 'while Redis is away');
      const history = async (): Promise<unknown> => (await opened.visitor.http.get(opened.path('/messages'))).body;
      const expected = { messages: [objectWith({ messageId })], next: null };
      expect(await history()).toEqual(expected);
      await redis?.restart();
      await becomes(200, []);
      expect(await history()).toEqual(expected);
      await vi.waitFor(
        async () => {
          const inbox = await opened.visitor.http.get('/v1/sessions');
          expect(inbox.body).toMatchObject({ sessions: [{ session: opened.session, seq: 3 }] });
        },
        { timeout: 15_000, interval: 50 },
      );
    });
  });

  describe('while NATS is away', () => {
    test('/readyz names it, writing is unavailable, and a retry with the same id is said once', async () => {
      const { nats } = ground().servers ?? {};
      const { path, visitor, session } = await kefu().tenant().queued();
      const socket = await visitor.socket();
      await nats?.kill();
      await becomes(503, ['nats']);
      const message = { clientId: 'k1', text: 'is anybody there?' };
      const refused = await visitor.http.post(path('/messages'), message);
      expectProblem(refused, 503, 'unavailable');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      await nats?.restart();
      await becomes(200, []);
      const ack = await socket.expect('ack', { type: 'say', id: 'k1', session, text: message.text });
      const again = await visitor.http.post<Receipt>(path('/messages'), message);
      expect({ status: again.status, seq: again.body.seq }).toEqual({ status: 200, seq: ack.seq });
      const { body } = await visitor.http.get<{ messages: unknown[] }>(path('/messages'));
      expect(body.messages).toHaveLength(1);
    });
  });
};
