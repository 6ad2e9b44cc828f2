/** Deadlines as the people of a session see them pass. */
import { describe, expect, test } from 'vitest';
import { running } from './every-law.ts';
import { embedded, natsAndRedis } from './grounds.ts';
import { done, said } from './kefu.ts';

const deadlines = { assistantReplyMs: 10_000, firstResponseMs: 400, idleCloseMs: 2_000 };

describe.each([embedded, natsAndRedis])('short deadlines on $name', (backend) => {
  const { kefu } = running(backend, { config: { deadlines } });

  test('a visitor whom nobody takes from the queue is overdue, for staff to see and nobody else', async () => {
    const tenant = kefu().tenant();
    const agent = tenant.person('agent');
    const watcher = await agent.socket();
    await watcher.expect('watching', { type: 'watch', status: 'queued' });
    const opened = await tenant.queued();
    const row = await watcher.next('inbox', ({ overdue }) => overdue === true);
    expect(row).toMatchObject({ session: opened.session, status: 'queued', seq: 3 });
    const facts = async (by: typeof agent): Promise<readonly Record<string, unknown>[]> =>
      (await by.http.get<{ events: Record<string, unknown>[] }>(opened.path('/events'))).body.events;
    const [, asked, passed] = await facts(agent);
    const dueAt = Number(asked?.['at']) + deadlines.firstResponseMs;
    expect(passed).toMatchObject({
      seq: 3,
      type: 'DeadlinePassed',
      deadline: 'first-response',
      dueAt,
      by: { role: 'system', id: 'kefu' },
    });
    expect(Number(passed?.['at'])).toBeGreaterThanOrEqual(dueAt);
    expect((await facts(opened.visitor)).map(({ type }) => type)).toEqual([
      'SessionOpened',
      'HandoffRequested',
      'Hidden',
    ]);
    const view = await opened.visitor.http.get<Record<string, unknown>>(opened.path());
    expect(view.body).toMatchObject({ status: 'queued', seq: 3 });
    expect(view.text).not.toMatch(/overdue|pace|deadline/i);
    await done(agent, opened, { type: 'ClaimSession' });
    expect((await agent.http.get(opened.path())).text).not.toContain('overdue');
    watcher.close();
  });

  test('a session in which nobody writes is closed, and can be opened again', async () => {
    const tenant = kefu().tenant();
    const agent = tenant.person('agent');
    const opened = await tenant.assigned(agent);
    const socket = await opened.visitor.socket();
    await socket.expect('joined', { type: 'join', session: opened.session });
    const { at } = await said(agent, opened, 'anything else?');
    const events = await socket.events(opened.session, 5);
    expect(events.map(({ event }) => event.type)).toEqual([
      'SessionOpened',
      'SessionAssigned',
      'MessagePosted',
      'Hidden',
      'SessionClosed',
    ]);
    const closed = events.at(-1);
    expect(closed?.event).toMatchObject({ reason: 'idle', by: { role: 'system', id: 'kefu' } });
    expect(closed?.at).toBeGreaterThanOrEqual(at + deadlines.idleCloseMs);
    expect((await agent.http.get(opened.path())).body).toMatchObject({ status: 'closed', closedAt: closed?.at });
    await done(opened.visitor, opened, { type: 'ReopenSession' });
    expect((await agent.http.get(opened.path())).body).toMatchObject({ status: 'queued' });
    socket.close();
  });

  test('are kept by the next process when one ends before they pass', async () => {
    const tenant = kefu().tenant();
    const agent = tenant.person('agent');
    const [waiting, silent] = [await tenant.queued(), await tenant.opened()];
    await kefu().restart();
    const { http } = kefu().bearer(agent.token, 'agent', agent.id);
    const until = async (path: string, found: (body: Record<string, unknown>) => boolean): Promise<void> => {
      for (;;) {
        const { body } = await http.get<Record<string, unknown>>(path);
        if (found(body)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await until(waiting.path(), ({ overdue }) => overdue === true);
    await until(silent.path(), ({ status }) => status === 'closed');
    await kefu().restart();
    const again = kefu().bearer(agent.token, 'agent', agent.id);
    const types = async (path: string): Promise<readonly string[]> =>
      (await again.http.get<{ events: { type: string }[] }>(path)).body.events.map(({ type }) => type);
    expect(await types(waiting.path('/events'))).toEqual(['SessionOpened', 'HandoffRequested', 'DeadlinePassed']);
    expect(await types(silent.path('/events'))).toEqual(['SessionOpened', 'DeadlinePassed', 'SessionClosed']);
  });
});
