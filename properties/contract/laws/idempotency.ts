/** The same key again gives the first answer, whatever has happened in between and whichever way it comes. */
import { describe, expect, test } from 'vitest';
import { RECEIPTS_MAX } from '../../../events/limits.ts';
import { type Answer, expectProblem } from '../http-client.ts';
import { done, type Kefu, type Opened, type Person, type Receipt } from '../kefu.ts';

export const idempotencyLaws = (kefu: () => Kefu): void => {
  const say = (by: Person, { path }: Opened, clientId: string, text = 'hello'): Promise<Answer<Receipt>> =>
    by.http.post(path('/messages'), { clientId, text });
  const messages = async ({ path, visitor }: Opened): Promise<readonly { text: string }[]> =>
    (await visitor.http.get<{ messages: { text: string }[] }>(path('/messages'))).body.messages;

  describe('the same key again', () => {
    test('on HTTP gives 200 with the same seq, messageId and at', async () => {
      const opened = await kefu().tenant().queued();
      const first = await say(opened.visitor, opened, 'm1');
      const again = await say(opened.visitor, opened, 'm1');
      expect([first.status, again.status]).toEqual([201, 200]);
      expect(again.body).toEqual(first.body);
      expect(await messages(opened)).toHaveLength(1);
    });

    test('on the socket gives the same ack', async () => {
      const opened = await kefu().tenant().queued();
      const { session, visitor } = opened;
      const socket = await visitor.socket();
      const ack = await socket.ask({ type: 'say', id: 'a3', session, text: 'hello' });
      expect(await socket.ask({ type: 'say', id: 'a3', session, text: 'hello' })).toEqual(ack);
      socket.terminate();
      const later = await visitor.socket();
      expect(await later.ask({ type: 'say', id: 'a3', session, text: 'hello' })).toEqual(ack);
      expect(await messages(opened)).toHaveLength(1);
    });

    test('is shared by HTTP’s clientId and the socket’s id', async () => {
      const opened = await kefu().tenant().queued();
      const { session, visitor, path } = opened;
      const socket = await visitor.socket();
      const first = await say(visitor, opened, 'k1');
      expect(await socket.ask({ type: 'say', id: 'k1', session, text: 'hello' })).toMatchObject({ ...first.body });
      const ack = await socket.expect('ack', { type: 'do', id: 'k2', session, command: { type: 'CloseSession' } });
      const again = await visitor.http.post<Receipt>(path('/commands'), { clientId: 'k2', type: 'CloseSession' });
      expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: { seq: ack.seq, at: ack.at } });
    });

    test('for every command gives the first answer and leaves one fact', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const opened = await tenant.opened();
      const { path, visitor } = opened;
      const commands = [
        [visitor, { type: 'RequestHandoff', reason: 'help' }],
        [agent, { type: 'ClaimSession' }],
        [agent, { type: 'AddNote', text: 'a note' }],
        [agent, { type: 'TransferSession', to: agent.id }],
        [visitor, { type: 'MarkRead', upTo: 1 }],
        [agent, { type: 'ReleaseSession' }],
        [visitor, { type: 'RateSession', score: 3, comment: 'so-so' }],
        [visitor, { type: 'CloseSession', reason: 'bye' }],
        [visitor, { type: 'ReopenSession' }],
      ] as const;
      const post = (by: Person, command: object): Promise<Answer<Receipt>> =>
        by.http.post(path('/commands'), { clientId: command === undefined ? '' : JSON.stringify(command), ...command });
      const firsts = [];
      for (const [by, command] of commands) firsts.push(await post(by, command));
      expect(firsts.map(({ status }) => status)).toEqual(commands.map(() => 201));
      for (const [index, [by, command]] of commands.entries()) {
        const again = await post(by, command);
        expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: firsts[index]?.body });
      }
      expect((await visitor.http.get<{ seq: number }>(path())).body.seq).toBe(1 + commands.length);
    });

    test('still gets its answer after the session was closed', async () => {
      const opened = await kefu().tenant().queued();
      const first = await say(opened.visitor, opened, 'm1');
      await done(opened.visitor, opened, { type: 'CloseSession' });
      const again = await say(opened.visitor, opened, 'm1');
      expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: first.body });
      expectProblem(await say(opened.visitor, opened, 'm2'), 409, 'refused', 'session_closed');
    });

    test('fifty times at once leaves one message and one answer', async () => {
      const opened = await kefu().tenant().queued();
      const { session, visitor } = opened;
      const socket = await visitor.socket();
      const [answers, acks] = await Promise.all([
        Promise.all(Array.from({ length: 25 }, () => say(visitor, opened, 'k1'))),
        (async () => {
          for (let turn = 0; turn < 25; turn++) socket.send({ type: 'say', id: 'k1', session, text: 'hello' });
          return Promise.all(Array.from({ length: 25 }, () => socket.next('ack')));
        })(),
      ]);
      const [first] = answers;
      for (const { body } of answers) expect(body).toEqual(first?.body);
      for (const ack of acks) expect(ack).toEqual({ type: 'ack', id: 'k1', session, ...first?.body });
      expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1);
      expect(await messages(opened)).toHaveLength(1);
    });

    test('with another body is refused, and nothing is said', async () => {
      const opened = await kefu().tenant().queued();
      const { session, visitor, path } = opened;
      await say(visitor, opened, 'k1');
      expectProblem(await say(visitor, opened, 'k1', 'something else'), 409, 'id_reused');
      const command = { clientId: 'k1', type: 'CloseSession' };
      expectProblem(await visitor.http.post(path('/commands'), command), 409, 'id_reused');
      const socket = await visitor.socket();
      const refused = await socket.ask({ type: 'say', id: 'k1', session, text: 'something else' });
      expect(refused).toMatchObject({ type: 'refused', id: 'k1', code: 'id_reused' });
      expect((await messages(opened)).map(({ text }) => text)).toEqual(['hello']);
    });

    test('of a command that was refused is free', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const opened = await tenant.opened();
      expectProblem(await say(agent, opened, 'k1'), 409, 'refused', 'not_the_assignee');
      await done(agent, opened, { type: 'ClaimSession' });
      expect((await say(agent, opened, 'k1')).status).toBe(201);
    });

    test('by somebody else is another key', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const opened = await tenant.assigned(agent);
      const [ours, theirs] = [
        await say(opened.visitor, opened, 'k1', 'ours'),
        await say(agent, opened, 'k1', 'theirs'),
      ];
      expect([ours.status, theirs.status]).toEqual([201, 201]);
      expect(ours.body.messageId).not.toBe(theirs.body.messageId);
    });

    test('is no other key that only looks alike when written together', async () => {
      const tenant = kefu().tenant();
      const [ann, annNewline] = [tenant.person('agent', 'ann'), tenant.person('agent', 'ann\nb')];
      const opened = await tenant.opened();
      const note = (by: Person, clientId: string, text: string): Promise<Answer<Receipt>> =>
        by.http.post(opened.path('/commands'), { clientId, type: 'AddNote', text });
      expect((await note(ann, 'b\nc', 'one')).status).toBe(201);
      expect((await note(annNewline, 'c', 'two')).status).toBe(201);
    });

    test('in another session is another key', async () => {
      const tenant = kefu().tenant();
      const visitor = tenant.person('visitor');
      const [one, two] = [await tenant.queued(visitor), await tenant.queued(visitor)];
      expect((await say(visitor, one, 'k1')).status).toBe(201);
      expect((await say(visitor, two, 'k1')).status).toBe(201);
    });

    test(`after ${RECEIPTS_MAX} others is refused, and never run again`, async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const opened = await tenant.assigned(agent);
      const { session } = opened;
      await say(agent, opened, 'oldest', 'the first');
      const socket = await agent.socket();
      const half = (): Promise<unknown> =>
        Promise.all(
          Array.from({ length: RECEIPTS_MAX / 2 }, () => socket.expect('ack', { type: 'say', session, text: 'x' })),
        );
      await half();
      await half();
      expectProblem(await say(agent, opened, 'oldest', 'the first'), 409, 'refused', 'id_too_old');
      const refused = await socket.ask({ type: 'say', id: 'oldest', session, text: 'the first' });
      expect(refused).toMatchObject({ code: 'refused', reason: 'id_too_old' });
      expect((await agent.http.get<{ seq: number }>(opened.path())).body.seq).toBe(3 + RECEIPTS_MAX);
    });
  });
};
