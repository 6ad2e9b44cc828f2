/** What a server knows that was started again on the same ground. Runs last: it ends every socket. */
import { describe, expect, test, vi } from 'vitest';
import { done, type Kefu, type Receipt, said } from '../kefu.ts';

export const restartLaws = (kefu: () => Kefu): void => {
  describe('after a restart', () => {
    test('everything acknowledged is there: history, facts, views and the inbox', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const opened = await tenant.assigned(agent);
      await said(opened.visitor, opened, 'before the restart');
      await done(agent, opened, { type: 'AddNote', text: 'remembered' });
      const everything = (): Promise<readonly string[]> => {
        const { http } = kefu().bearer(agent.token, 'agent', agent.id);
        const paths = [opened.path(), opened.path('/messages'), opened.path('/events'), '/v1/sessions', '/v1/events'];
        return Promise.all(paths.map(async (path) => (await http.get(path)).text));
      };
      await vi.waitFor(
        async () => {
          const { body } = await agent.http.get('/v1/sessions');
          expect(body).toMatchObject({ sessions: [{ session: opened.session, seq: 4 }] });
        },
        { interval: 10 },
      );
      const before = await everything();
      await kefu().restart();
      expect(await everything()).toEqual(before);
    });

    test('a retry gets its first answer', async () => {
      const opened = await kefu().tenant().queued();
      const { path, visitor } = opened;
      const message = { clientId: 'k1', text: 'hello' };
      const first = await visitor.http.post<Receipt>(path('/messages'), message);
      await kefu().restart();
      const { http } = kefu().bearer(visitor.token, 'visitor', visitor.id);
      const again = await http.post<Receipt>(path('/messages'), message);
      expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: first.body });
      expect((await http.get<{ seq: number }>(path())).body.seq).toBe(3);
    });

    test('sockets that were open were told to come back, and go on behind what they have', async () => {
      const opened = await kefu().tenant().queued();
      const { session, visitor } = opened;
      const socket = await visitor.socket();
      await socket.expect('joined', { type: 'join', session });
      await socket.event(session, 2);
      await kefu().restart();
      expect(await socket.closed).toMatchObject({ code: 1012 });
      const again = await kefu().socket(visitor.token);
      await again.expect('joined', { type: 'join', session, after: 2 });
      const ack = await again.expect('ack', { type: 'say', session, text: 'back' });
      expect(ack.seq).toBe(3);
      expect(await again.events(session, 3)).toHaveLength(1);
    });

    test('an anonymous client id still stands for its session', async () => {
      const body = { clientId: crypto.randomUUID() };
      const first = await kefu().anyone.post<{ session: string }>('/v1/sessions', body);
      await kefu().restart();
      const again = await kefu().anyone.post<{ session: string }>('/v1/sessions', body);
      expect([first.status, again.status]).toEqual([201, 200]);
      expect(again.body.session).toBe(first.body.session);
    });
  });
};
