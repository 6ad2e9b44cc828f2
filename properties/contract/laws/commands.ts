/** `POST /v1/sessions/:id/commands`: what each does, and which state refuses it for which reason. */
import { describe, expect, test } from 'vitest';
import type { SessionView } from '../../../events/frames.ts';
import { type Answer, expectProblem } from '../http-client.ts';
import { done, type Kefu, type Opened, type Person, randomId } from '../kefu.ts';
import { anyNumber, textWith } from '../shapes.ts';

type Body = Record<string, unknown>;

const ask = (by: Person, { path }: Opened, command: Body): Promise<Answer<Body>> =>
  by.http.post(path('/commands'), { clientId: randomId(), ...command });

const factsOf = async (by: Person, { path }: Opened): Promise<readonly Body[]> =>
  (await by.http.get<{ events: Body[] }>(path('/events'))).body.events;

const viewOf = async (by: Person, { path }: Opened): Promise<SessionView> =>
  (await by.http.get<SessionView>(path())).body;

export const commandLaws = (kefu: () => Kefu): void => {
  /** A command that is carried out: its answer, its one fact and the status after it. */
  const carriesOut = async (by: Person, opened: Opened, command: Body, fact: Body, status: string): Promise<void> => {
    const { seq } = await viewOf(by, opened);
    const answer = await ask(by, opened, command);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ seq: seq + 1, at: anyNumber });
    const by_ = { role: by.role, id: by.id };
    expect((await factsOf(by, opened)).at(-1)).toEqual({ seq: seq + 1, at: answer.body['at'], by: by_, ...fact });
    expect((await viewOf(by, opened)).status).toBe(status);
  };

  const setting = async (): Promise<{ visitor: Person; agent: Person; other: Person; opened: Opened }> => {
    const tenant = kefu().tenant();
    const opened = await tenant.opened();
    return { opened, visitor: opened.visitor, agent: tenant.person('agent'), other: tenant.person('agent') };
  };

  describe('a command', () => {
    test('RequestHandoff puts the session into the queue', async () => {
      const { visitor, opened } = await setting();
      const command = { type: 'RequestHandoff', reason: 'a refund' };
      await carriesOut(visitor, opened, command, { type: 'HandoffRequested', reason: 'a refund' }, 'queued');
    });

    test('ClaimSession assigns it, from the queue and from the assistant', async () => {
      for (const isQueued of [true, false]) {
        const { visitor, agent, opened } = await setting();
        if (isQueued) await done(visitor, opened, { type: 'RequestHandoff' });
        const fact = { type: 'SessionAssigned', agent: agent.id };
        await carriesOut(agent, opened, { type: 'ClaimSession' }, fact, 'assigned');
        expect((await viewOf(agent, opened)).assignee).toBe(agent.id);
      }
    });

    test('TransferSession hands it to another agent', async () => {
      const { agent, other, opened } = await setting();
      await done(agent, opened, { type: 'ClaimSession' });
      const fact = { type: 'SessionTransferred', from: agent.id, to: other.id };
      await carriesOut(agent, opened, { type: 'TransferSession', to: other.id }, fact, 'assigned');
      expect((await viewOf(agent, opened)).assignee).toBe(other.id);
    });

    test('ReleaseSession puts it back into the queue', async () => {
      const { agent, opened } = await setting();
      await done(agent, opened, { type: 'ClaimSession' });
      await carriesOut(agent, opened, { type: 'ReleaseSession' }, { type: 'SessionReleased' }, 'queued');
      expect((await viewOf(agent, opened)).assignee).toBeNull();
    });

    test('AddNote keeps a note and changes nothing else', async () => {
      const { agent, opened } = await setting();
      const fact = { type: 'NoteAdded', text: 'knows the law' };
      await carriesOut(agent, opened, { type: 'AddNote', text: 'knows the law' }, fact, 'assistant');
    });

    test('MarkRead remembers how far somebody has read', async () => {
      const { visitor, opened } = await setting();
      await carriesOut(visitor, opened, { type: 'MarkRead', upTo: 1 }, { type: 'MessagesRead', upTo: 1 }, 'assistant');
    });

    test('MarkRead up to where one has read already is done and leaves no fact', async () => {
      const { visitor, opened } = await setting();
      await done(visitor, opened, { type: 'MarkRead', upTo: 1 });
      const again = await ask(visitor, opened, { type: 'MarkRead', upTo: 1 });
      expect({ status: again.status, seq: again.body['seq'] }).toEqual({ status: 200, seq: 2 });
      expect(await factsOf(visitor, opened)).toHaveLength(2);
    });

    test.each([1, 2, 3, 4, 5])('RateSession takes a score of %i', async (score) => {
      const { visitor, agent, opened } = await setting();
      const answer = await ask(visitor, opened, { type: 'RateSession', score, comment: 'thanks' });
      expect(answer.status).toBe(201);
      const fact = { type: 'SessionRated', score, comment: 'thanks', by: { role: 'visitor', id: visitor.id } };
      expect((await factsOf(agent, opened)).at(-1)).toMatchObject(fact);
      expect((await viewOf(agent, opened)).score).toBe(score);
    });

    test('CloseSession ends it, whoever may', async () => {
      const { agent, opened } = await setting();
      const command = { type: 'CloseSession', reason: 'solved' };
      await carriesOut(agent, opened, command, { type: 'SessionClosed', reason: 'solved' }, 'closed');
    });

    test('ReopenSession gives it back to the assistant, or to the queue where a person had it', async () => {
      for (const hadPerson of [false, true]) {
        const { visitor, agent, opened } = await setting();
        if (hadPerson) await done(agent, opened, { type: 'ClaimSession' });
        await done(visitor, opened, { type: 'CloseSession' });
        const status = hadPerson ? 'queued' : 'assistant';
        await carriesOut(visitor, opened, { type: 'ReopenSession' }, { type: 'SessionReopened' }, status);
      }
    });

    test('over the socket does the same', async () => {
      const { visitor, agent, opened } = await setting();
      const { session } = opened;
      const [visitors, agents] = [await visitor.socket(), await agent.socket()];
      await agents.expect('joined', { type: 'join', session });
      const steps = [
        [visitors, { type: 'RequestHandoff' }, 'HandoffRequested'],
        [agents, { type: 'ClaimSession' }, 'SessionAssigned'],
        [agents, { type: 'TransferSession', to: agent.id }, 'SessionTransferred'],
        [agents, { type: 'ReleaseSession' }, 'SessionReleased'],
        [agents, { type: 'AddNote', text: 'a note' }, 'NoteAdded'],
        [visitors, { type: 'MarkRead', upTo: 3 }, 'MessagesRead'],
        [visitors, { type: 'RateSession', score: 5 }, 'SessionRated'],
        [agents, { type: 'CloseSession' }, 'SessionClosed'],
        [visitors, { type: 'ReopenSession' }, 'SessionReopened'],
      ] as const;
      for (const [index, [socket, command, fact]] of steps.entries()) {
        const ack = await socket.expect('ack', { type: 'do', session, command });
        const event = await agents.event(session, index + 2);
        expect(ack).toEqual({ type: 'ack', id: ack.id, session, seq: index + 2, at: event.at });
        expect(event.event.type).toBe(fact);
      }
    });
  });

  describe('the state refuses, with its reason,', () => {
    const refuses = async (by: Person, opened: Opened, command: Body, reason: string): Promise<void> => {
      const { seq } = await viewOf(by, opened);
      expectProblem(await ask(by, opened, command), 409, 'refused', reason);
      expect((await viewOf(by, opened)).seq).toBe(seq);
    };

    test('everything but reading, notes and reopening of a session that is closed', async () => {
      const { visitor, agent, opened } = await setting();
      await done(agent, opened, { type: 'CloseSession' });
      const message = { clientId: randomId(), text: 'hello?' };
      expectProblem(await visitor.http.post(opened.path('/messages'), message), 409, 'refused', 'session_closed');
      await refuses(visitor, opened, { type: 'RequestHandoff' }, 'session_closed');
      await refuses(visitor, opened, { type: 'CloseSession' }, 'session_closed');
      for (const type of ['ClaimSession', 'ReleaseSession']) await refuses(agent, opened, { type }, 'session_closed');
      await refuses(agent, opened, { type: 'TransferSession', to: 'x' }, 'session_closed');
      await done(agent, opened, { type: 'AddNote', text: 'afterwards' });
      await done(visitor, opened, { type: 'MarkRead', upTo: 2 });
      await done(visitor, opened, { type: 'RateSession', score: 1 });
      await done(visitor, opened, { type: 'ReopenSession' });
    });

    test('reopening what is not closed', async () => {
      const { visitor, opened } = await setting();
      await refuses(visitor, opened, { type: 'ReopenSession' }, 'not_closed');
    });

    test('asking for a person when one is asked for or there', async () => {
      const { visitor, agent, opened } = await setting();
      await done(visitor, opened, { type: 'RequestHandoff' });
      await refuses(visitor, opened, { type: 'RequestHandoff' }, 'already_queued');
      await done(agent, opened, { type: 'ClaimSession' });
      await refuses(visitor, opened, { type: 'RequestHandoff' }, 'already_assigned');
    });

    test('claiming what is assigned, and names the assignee', async () => {
      const { agent, other, opened } = await setting();
      await done(agent, opened, { type: 'ClaimSession' });
      const refused = await ask(other, opened, { type: 'ClaimSession' });
      expect(expectProblem(refused, 409, 'refused', 'already_assigned').detail).toContain(agent.id);
    });

    test('speaking, transferring and releasing by whom it is not assigned to', async () => {
      const { agent, other, opened } = await setting();
      const message = { clientId: randomId(), text: 'may I?' };
      const speaks = (by: Person) => by.http.post(opened.path('/messages'), { ...message, clientId: randomId() });
      expectProblem(await speaks(agent), 409, 'refused', 'not_the_assignee');
      await done(agent, opened, { type: 'ClaimSession' });
      expectProblem(await speaks(other), 409, 'refused', 'not_the_assignee');
      await refuses(other, opened, { type: 'TransferSession', to: other.id }, 'not_the_assignee');
      await refuses(other, opened, { type: 'ReleaseSession' }, 'not_the_assignee');
    });

    test('releasing and transferring what nobody has', async () => {
      const { agent, opened } = await setting();
      await refuses(agent, opened, { type: 'ReleaseSession' }, 'not_while_assistant');
      await done(agent, opened, { type: 'RequestHandoff' });
      await refuses(agent, opened, { type: 'TransferSession', to: agent.id }, 'not_while_queued');
    });

    test('having read what is not there yet', async () => {
      const { visitor, opened } = await setting();
      await refuses(visitor, opened, { type: 'MarkRead', upTo: 2 }, 'not_that_far_yet');
    });

    test('on the socket with the same words', async () => {
      const { visitor, opened } = await setting();
      await done(visitor, opened, { type: 'CloseSession' });
      const socket = await visitor.socket();
      const refused = await socket.expect('refused', { type: 'say', session: opened.session, text: 'hello?' });
      expect(refused).toEqual({
        type: 'refused',
        id: refused.id,
        code: 'refused',
        reason: 'session_closed',
        message: textWith('ReopenSession'),
      });
    });
  });
};
