/** `GET /v1/sessions/:id`, now and as it was. */
import { describe, expect, test } from 'vitest';
import type { SessionView } from '../../../events/frames.ts';
import { expectProblem } from '../http-client.ts';
import { done, type Kefu, said } from '../kefu.ts';
import { anyNumber, objectWith } from '../shapes.ts';

export const sessionViewLaws = (kefu: () => Kefu): void => {
  describe('a session’s view', () => {
    test('of a session just opened has every key, and no other', async () => {
      const { session, path, visitor } = await kefu().tenant().opened();
      const view = await visitor.http.get<SessionView>(path());
      expect(view.status).toBe(200);
      expect(view.body).toEqual({
        session,
        status: 'assistant',
        assignee: null,
        visitor: { id: visitor.id },
        seq: 1,
        openedAt: anyNumber,
        activeAt: view.body.openedAt,
        unanswered: 0,
        lastMessage: null,
      });
      expect(Math.abs(Date.now() - view.body.openedAt)).toBeLessThan(60_000);
    });

    test('follows the session through its life, and `at` gives every moment of it again', async () => {
      const tenant = kefu().tenant();
      const [agent, other] = [tenant.person('agent'), tenant.person('agent')];
      const opened = await tenant.opened();
      const { visitor, path } = opened;
      const view = async (at?: number): Promise<SessionView> =>
        (await agent.http.get<SessionView>(path(at === undefined ? '' : `?at=${at}`))).body;
      const then: SessionView[] = [await view()];
      const step = async (carryOut: Promise<unknown>, expected: Partial<SessionView>): Promise<void> => {
        await carryOut;
        then.push(await view());
        expect(then.at(-1)).toMatchObject({ seq: then.length, ...expected });
      };
      await step(done(visitor, opened, { type: 'RequestHandoff' }), { status: 'queued', assignee: null });
      await step(said(visitor, opened, 'one'), { unanswered: 1, lastMessage: lastMessage(3, visitor.id, 'one') });
      await step(said(visitor, opened, 'two'), { unanswered: 2, lastMessage: lastMessage(4, visitor.id, 'two') });
      await step(done(agent, opened, { type: 'ClaimSession' }), { status: 'assigned', assignee: agent.id });
      await step(said(agent, opened, 'three'), { unanswered: 0, lastMessage: lastMessage(6, agent.id, 'three') });
      await step(done(agent, opened, { type: 'TransferSession', to: other.id }), { assignee: other.id });
      await step(done(other, opened, { type: 'ReleaseSession' }), { status: 'queued', assignee: null });
      await step(done(agent, opened, { type: 'AddNote', text: 'a note' }), { status: 'queued' });
      await step(done(visitor, opened, { type: 'CloseSession' }), { status: 'closed', closedAt: anyNumber });
      await step(done(visitor, opened, { type: 'RateSession', score: 4 }), { status: 'closed', score: 4 });
      await step(done(visitor, opened, { type: 'ReopenSession' }), { score: 4 });
      expect(then.at(-1)).not.toHaveProperty('closedAt');
      for (const expected of then) expect(await view(expected.seq)).toEqual(expected);
    });

    test('cuts the newest message to a line and never through a character', async () => {
      const tenant = kefu().tenant();
      const opened = await tenant.queued();
      await said(opened.visitor, opened, '😀'.repeat(500));
      const { body } = await opened.visitor.http.get<SessionView>(opened.path());
      expect(body.lastMessage?.text).toMatch(/^(?:😀){20,}…$/u);
    });

    test('has no moment before the first fact or behind the newest', async () => {
      const { path, visitor } = await kefu().tenant().opened();
      for (const at of ['0', '2', '-1', 'x', '1.5', ''])
        expect(expectProblem(await visitor.http.get(path(`?at=${at}`)), 400, 'invalid').detail).toMatch(/^at: /);
    });
  });
};

const lastMessage = (seq: number, id: string, text: string): SessionView['lastMessage'] => ({
  seq,
  author: objectWith({ id }),
  text,
  at: anyNumber,
});
