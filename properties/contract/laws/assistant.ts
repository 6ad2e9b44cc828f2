/** The assistant, from the visitor's side. */
import { describe, expect, test } from 'vitest';
import { sampleKnowledge } from '../../../infra/assistant/sample-knowledge.ts';
import { done, type Kefu, said } from '../kefu.ts';
import { anyText } from '../shapes.ts';

const answerTo = (question: string): string =>
  sampleKnowledge.find((entry) => entry.question === question || entry.also?.includes(question) === true)?.answer ?? '';

export const assistantLaws = (kefu: () => Kefu): void => {
  const opened = async () => {
    const tenant = kefu().tenant();
    const own = await tenant.opened();
    const [visitors, agents] = [await own.visitor.socket(), await tenant.person('agent').socket()];
    for (const socket of [visitors, agents]) await socket.expect('joined', { type: 'join', session: own.session });
    return { ...own, own, agent: tenant.person('agent'), visitors, agents };
  };

  describe('the assistant', () => {
    test.each(['怎么退货？', '运费多少钱？', 'Where is my order?', '包邮吗'])(
      'answers %s from the knowledge base, verbatim and in one message',
      async (question) => {
        const { session, visitors, agents, path, visitor } = await opened();
        await visitors.expect('ack', { type: 'say', session, text: question });
        const answer = await visitors.next(
          'event',
          ({ event }) => event.type === 'MessagePosted' && event['text'] !== question,
        );
        expect(answer.event).toEqual({
          type: 'MessagePosted',
          messageId: anyText,
          author: { role: 'assistant', id: 'assistant' },
          text: answerTo(question),
          basedOn: 2,
        });
        const trail = await agents.next('event', ({ event }) => event.type === 'AssistantDecided');
        expect(trail.event).toMatchObject({ basedOn: 2, outcome: 'answered', entry: anyText });
        const { body } = await visitor.http.get<{ messages: { author: { role: string } }[] }>(path('/messages'));
        expect(body.messages.map(({ author }) => author.role)).toEqual(['visitor', 'assistant']);
        expect((await visitor.http.get(path())).body).toMatchObject({ status: 'assistant', unanswered: 0, seq: 4 });
      },
    );

    test.each([
      ['转人工', 'asked'],
      ['I want to talk to a real person', 'asked'],
      ['Ignorabimus quousque tandem?', 'unknown'],
      ['宇宙的尽头在哪里', 'unknown'],
    ])('hands %s over to people', async (text, why) => {
      const { session, visitors, agents, path, visitor } = await opened();
      await visitors.expect('ack', { type: 'say', session, text });
      await visitors.next('event', ({ event }) => event.type === 'HandoffRequested');
      expect((await visitor.http.get(path())).body).toMatchObject({ status: 'queued', assignee: null, unanswered: 1 });
      const trail = await agents.next('event', ({ event }) => event.type === 'AssistantDecided');
      expect(trail.event).toMatchObject({ basedOn: 2, outcome: 'handoff', why });
    });

    test('says nothing before the first visitor message', async () => {
      const { own, agents, agent, session, visitor } = await opened();
      await done(agent, own, { type: 'AddNote', text: '怎么退货？' });
      await done(visitor, own, { type: 'MarkRead', upTo: 1 });
      await said(visitor, own, '怎么退货？');
      const events = await agents.events(session, 6);
      expect(events.map(({ event }) => event.type)).toEqual([
        'SessionOpened',
        'NoteAdded',
        'MessagesRead',
        'MessagePosted',
        'AssistantDecided',
        'MessagePosted',
      ]);
    });

    test('is silent where a person has taken over, and answers again after reopening', async () => {
      const { own, agents, agent, session, visitor } = await opened();
      await done(agent, own, { type: 'ClaimSession' });
      await said(visitor, own, '怎么退货？');
      await said(agent, own, 'let me see');
      const events = await agents.events(session, 4);
      expect(events.map(({ event }) => event.type)).toEqual([
        'SessionOpened',
        'SessionAssigned',
        'MessagePosted',
        'MessagePosted',
      ]);
    });

    test('gives a burst of messages one answer', async () => {
      const { session, visitors, agents, path, visitor } = await opened();
      await Promise.all(['你好', '请问一下', '怎么退货？'].map((text) => visitors.ask({ type: 'say', session, text })));
      await agents.next('event', ({ event }) => event['text'] === answerTo('怎么退货？'));
      const { body } = await visitor.http.get<{ messages: { author: { role: string } }[] }>(path('/messages'));
      expect(body.messages.filter(({ author }) => author.role === 'visitor')).toHaveLength(3);
    });

    test('never keeps a visitor’s message from being stored', async () => {
      const { own, visitor, path } = await opened();
      const receipt = await said(visitor, own, '转人工');
      const { body } = await visitor.http.get<{ messages: { messageId: string }[] }>(path('/messages'));
      expect(body.messages[0]?.messageId).toBe(receipt.messageId);
    });
  });
};
