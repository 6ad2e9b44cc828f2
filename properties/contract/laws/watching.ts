/** `watch`: the inbox, live. */
import { describe, expect, test } from 'vitest';
import type { SessionView } from '../../../events/frames.ts';
import { done, type Kefu, type Person, said } from '../kefu.ts';

/** Resolves when everything acknowledged is in the inbox, so that no change of before comes in between. */
const quiet = ({ http }: Person): Promise<unknown> => http.get('/v1/sessions');

export const watchingLaws = (kefu: () => Kefu): void => {
  describe('watching the inbox', () => {
    test('tells the sessions that are there, then `watching`, then every change', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const there = [await tenant.queued(), await tenant.queued()];
      await tenant.opened();
      await quiet(agent);
      const socket = await agent.socket();
      const watching = await socket.expect('watching', { type: 'watch', status: 'queued' });
      expect(watching).toEqual({ type: 'watching', id: watching.id });
      const rows = socket.got('inbox');
      expect(rows.map(({ session }) => session)).toEqual(there.map(({ session }) => session).toReversed());
      const fresh = await tenant.queued();
      const frame = await socket.next('inbox', ({ session }) => session === fresh.session);
      const view = (await agent.http.get<SessionView>(fresh.path())).body;
      expect(frame).toEqual({ type: 'inbox', id: watching.id, ...view });
    });

    test('tells each change in order, up to the one by which a session leaves the watch', async () => {
      const tenant = kefu().tenant();
      const [agent, watcher] = [tenant.person('agent'), tenant.person('agent')];
      const socket = await watcher.socket();
      await socket.expect('watching', { type: 'watch', status: 'queued' });
      const opened = await tenant.opened();
      // Each is waited for, because changes that come together may be told as one.
      const told = (seq: number): Promise<unknown> => socket.next('inbox', (row) => row.seq === seq);
      await done(opened.visitor, opened, { type: 'RequestHandoff' });
      await told(2);
      await said(opened.visitor, opened, 'is anybody there?');
      await told(3);
      await done(agent, opened, { type: 'ClaimSession' });
      await told(4);
      await said(agent, opened, 'I am');
      await done(agent, opened, { type: 'ReleaseSession' });
      await told(6);
      expect(socket.got('inbox')).toMatchObject([
        { seq: 2, status: 'queued', unanswered: 0 },
        { seq: 3, status: 'queued', unanswered: 1 },
        { seq: 4, status: 'assigned', assignee: agent.id },
        { seq: 6, status: 'queued', assignee: null },
      ]);
    });

    test('by assignee follows one person’s sessions, and several watches run side by side', async () => {
      const tenant = kefu().tenant();
      const [agent, other] = [tenant.person('agent'), tenant.person('agent')];
      const socket = await agent.socket();
      await socket.expect('watching', { type: 'watch', id: 'mine', assignee: agent.id });
      await socket.expect('watching', { type: 'watch', id: 'all' });
      const opened = await tenant.assigned(other);
      await done(other, opened, { type: 'TransferSession', to: agent.id });
      await socket.next('inbox', ({ id, seq }) => id === 'mine' && seq === 3);
      await socket.next('inbox', ({ id, seq }) => id === 'all' && seq === 3);
      expect(socket.got('inbox').filter(({ id }) => id === 'mine')).toMatchObject([{ seq: 3, assignee: agent.id }]);
    });

    test('ends with `unwatch`', async () => {
      const tenant = kefu().tenant();
      const [agent, witness] = [tenant.person('agent'), tenant.person('agent')];
      const [socket, other] = [await agent.socket(), await witness.socket()];
      await socket.expect('watching', { type: 'watch', id: 'w1' });
      await other.expect('watching', { type: 'watch' });
      expect(await socket.ask({ type: 'unwatch', id: 'w1' })).toEqual({ type: 'unwatched', id: 'w1' });
      const { session } = await tenant.opened();
      await other.next('inbox', (frame) => frame.session === session);
      await socket.ping();
      expect(socket.got('inbox')).toEqual([]);
    });

    test('again with the same id replaces the watch', async () => {
      const tenant = kefu().tenant();
      const socket = await tenant.person('agent').socket();
      await socket.expect('watching', { type: 'watch', id: 'w1', status: 'closed' });
      await socket.expect('watching', { type: 'watch', id: 'w1', status: 'assistant' });
      const opened = await tenant.opened();
      await socket.next('inbox', ({ session }) => session === opened.session);
      await done(opened.visitor, opened, { type: 'CloseSession' });
      await socket.next('inbox', ({ seq }) => seq === 2);
      expect(socket.got('inbox')).toHaveLength(2);
    });

    test('tells no more rows than asked for at first', async () => {
      const tenant = kefu().tenant();
      const admin = tenant.person('admin');
      for (let count = 0; count < 3; count++) await tenant.opened();
      await quiet(admin);
      const socket = await admin.socket();
      await socket.expect('watching', { type: 'watch', limit: 2 });
      expect(socket.got('inbox')).toHaveLength(2);
    });

    test('never goes back, however busy the session is while the watch begins', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const { session, visitor } = await tenant.queued();
      const [speaker, watcher] = [await visitor.socket(), await agent.socket()];
      const saying = Promise.all(
        Array.from({ length: 200 }, () => speaker.expect('ack', { type: 'say', session, text: 'x' })),
      );
      const ids = Array.from({ length: 20 }, (_, number) => `w${number}`);
      for (const id of ids) await watcher.expect('watching', { type: 'watch', id });
      await saying;
      for (const id of ids) await watcher.next('inbox', (row) => row.id === id && row.seq === 202);
      for (const id of ids) {
        const seqs = watcher.got('inbox').flatMap((row) => (row.id === id ? [row.seq] : []));
        expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
      }
    });

    test('hears nothing of another tenant', async () => {
      const [tenant, other] = [kefu().tenant(), kefu().tenant()];
      const [socket, witness] = [await tenant.person('agent').socket(), await other.person('agent').socket()];
      await socket.expect('watching', { type: 'watch' });
      await witness.expect('watching', { type: 'watch' });
      const { session } = await other.opened();
      await witness.next('inbox', (frame) => frame.session === session);
      await socket.ping();
      expect(socket.got('inbox')).toEqual([]);
    });

    test('is for analysts too, and not for visitors', async () => {
      const tenant = kefu().tenant();
      const analyst = await tenant.person('analyst').socket();
      expect(await analyst.ask({ type: 'watch' })).toMatchObject({ type: 'watching' });
      const visitor = await tenant.person('visitor').socket();
      expect(await visitor.ask({ type: 'watch' })).toMatchObject({ type: 'refused', code: 'forbidden' });
    });
  });
};
