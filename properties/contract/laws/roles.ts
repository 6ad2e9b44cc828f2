/** Who may do what: each role with each command, and whose session it is. */
import { describe, expect, test } from 'vitest';
import { mayAsk } from '../../../events/commands.ts';
import { roles } from '../../../events/names.ts';
import { type Answer, expectProblem } from '../http-client.ts';
import { done, type Kefu, type Opened, type Person, randomId } from '../kefu.ts';

const commands = {
  RequestHandoff: {},
  ClaimSession: {},
  TransferSession: { to: 'somebody' },
  ReleaseSession: {},
  AddNote: { text: 'a note' },
  MarkRead: { upTo: 1 },
  RateSession: { score: 5 },
  CloseSession: {},
  ReopenSession: {},
} as const;
type Named = keyof typeof commands;
const named = Object.keys(commands) as readonly Named[];

export const roleLaws = (kefu: () => Kefu): void => {
  const send = (by: Person, { path }: Opened, type: Named): Promise<Answer<unknown>> =>
    by.http.post(path('/commands'), { clientId: randomId(), type, ...commands[type] });

  /** A session in a state that takes the command from someone who may send it. */
  const readyFor = async (type: Named, by: Person, opened: Opened, agent: Person): Promise<void> => {
    const claimant = by.role === 'visitor' || by.role === 'analyst' ? agent : by;
    if (type === 'TransferSession' || type === 'ReleaseSession') await done(claimant, opened, { type: 'ClaimSession' });
    if (type === 'ReopenSession') await done(agent, opened, { type: 'CloseSession' });
  };

  describe.each(roles)('the %s', (role) => {
    test.each(named.map((type) => [mayAsk[type].includes(role) ? 'may' : 'may not', type] as const))(
      '%s send %s',
      async (may, type) => {
        const tenant = kefu().tenant();
        const opened = await tenant.opened();
        const by = role === 'visitor' ? opened.visitor : tenant.person(role);
        await readyFor(type, by, opened, tenant.person('agent'));
        const answer = await send(by, opened, type);
        const no = { code: 'forbidden', reason: 'role_may_not' };
        expect({ status: answer.status, body: answer.body }).toMatchObject(
          may === 'may' ? { status: 201 } : { status: 403, body: no },
        );
        const socket = await by.socket();
        const frame = { type: 'do', session: opened.session, command: { type, ...commands[type] } };
        const reply = await socket.ask(frame);
        expect('code' in reply && reply.code === 'forbidden').toBe(may === 'may not');
        socket.close();
      },
    );

    test(`${mayAsk.PostMessage.includes(role) ? 'may' : 'may not'} say something`, async () => {
      const tenant = kefu().tenant();
      const opened = await tenant.opened();
      const by = role === 'visitor' ? opened.visitor : tenant.person(role);
      if (role !== 'visitor' && role !== 'analyst') await done(by, opened, { type: 'ClaimSession' });
      const answer = await by.http.post(opened.path('/messages'), { clientId: 'm1', text: 'hello' });
      expect(answer.status).toBe(mayAsk.PostMessage.includes(role) ? 201 : 403);
    });

    test(`${role === 'visitor' ? 'does not read' : 'reads'} all of the tenant`, async () => {
      const tenant = kefu().tenant();
      const opened = await tenant.opened();
      const { http } = tenant.person(role);
      for (const path of [opened.path(), opened.path('/messages'), opened.path('/events'), '/v1/events']) {
        const answer = await http.get(path);
        expect(answer.status).toBe(role === 'visitor' ? 403 : 200);
      }
    });
  });

  describe('a visitor', () => {
    test('reaches no session of another visitor, to read or to write, on HTTP or the socket', async () => {
      const tenant = kefu().tenant();
      const theirs = await tenant.queued();
      const me = tenant.person('visitor');
      const { session, path } = theirs;
      for (const rest of ['', '/messages', '/events', '?at=1'])
        expectProblem(await me.http.get(path(rest)), 403, 'forbidden', 'not_your_session');
      const message = { clientId: 'm1', text: 'hello' };
      expectProblem(await me.http.post(path('/messages'), message), 403, 'forbidden', 'not_your_session');
      for (const type of named.filter((each) => mayAsk[each].includes('visitor')))
        expectProblem(await send(me, theirs, type), 403, 'forbidden', 'not_your_session');
      const socket = await me.socket();
      for (const frame of [
        { type: 'join', session },
        { type: 'say', session, text: 'hello' },
        { type: 'do', session, command: { type: 'CloseSession' } },
        { type: 'history', session },
      ])
        expect(await socket.ask(frame)).toMatchObject({ type: 'refused', code: 'forbidden' });
    });

    test('with a token that is bound reaches that session only, even of their own', async () => {
      const tenant = kefu().tenant();
      const visitor = tenant.person('visitor');
      const [one, two] = [await tenant.queued(visitor), await tenant.queued(visitor)];
      expect((await one.bound.http.get(one.path())).status).toBe(200);
      expect((await one.bound.http.post(one.path('/messages'), { clientId: 'm1', text: 'hello' })).status).toBe(201);
      expectProblem(await one.bound.http.get(two.path()), 403, 'forbidden', 'not_your_session');
      const message = { clientId: 'm1', text: 'hello' };
      expectProblem(await one.bound.http.post(two.path('/messages'), message), 403, 'forbidden', 'not_your_session');
      const socket = await one.bound.socket();
      for (const frame of [
        { type: 'join', session: two.session },
        { type: 'say', session: two.session, text: 'hello' },
        { type: 'history', session: two.session },
        { type: 'open' },
      ])
        expect(await socket.ask(frame)).toMatchObject({ type: 'refused', code: 'forbidden' });
      expect(await socket.ask({ type: 'join', session: one.session })).toMatchObject({ type: 'joined' });
      const list = await one.bound.http.get<{ sessions: { session: string }[] }>('/v1/sessions');
      expect(list.body.sessions.map(({ session }) => session)).toEqual([one.session]);
    });
  });

  test.each(roles)('to the %s of another tenant a session does not exist', async (role) => {
    const { session, path } = await kefu().tenant().queued();
    const stranger = kefu().tenant().person(role);
    for (const rest of ['', '/messages', '/events'])
      expectProblem(await stranger.http.get(path(rest)), 404, 'not_found');
    if (role !== 'analyst') {
      expectProblem(await stranger.http.post(path('/messages'), { clientId: 'm1', text: 'hi' }), 404, 'not_found');
      const command = { clientId: 'c1', type: 'CloseSession' };
      expectProblem(await stranger.http.post(path('/commands'), command), 404, 'not_found');
    }
    const socket = await stranger.socket();
    expect(await socket.ask({ type: 'join', session })).toMatchObject({ type: 'refused', code: 'not_found' });
    expect(await socket.ask({ type: 'history', session })).toMatchObject({ type: 'refused', code: 'not_found' });
  });
};
