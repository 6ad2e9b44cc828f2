/** Notes, the assistant's trail and scores are for staff. */
import { describe, expect, test } from 'vitest';
import { done, type Kefu, type Opened, type Person, said } from '../kefu.ts';
import { anyNumber } from '../shapes.ts';

/** What only staff may know, wherever it might come up. */
const SECRETS = [
  'between us',
  'meant badly',
  'AssistantDecided',
  'NoteAdded',
  'SessionRated',
  'confidence',
  'deadlines',
  'pace',
  'clientId',
];

export const audienceLaws = (kefu: () => Kefu): void => {
  /** A session with everything in it that a visitor may not see. */
  const told = async (): Promise<{ opened: Opened; agent: Person }> => {
    const tenant = kefu().tenant();
    const agent = tenant.person('agent');
    const opened = await tenant.opened();
    const listener = await agent.socket();
    await listener.expect('joined', { type: 'join', session: opened.session });
    await said(opened.visitor, opened, '转人工');
    await listener.next('event', ({ event }) => event.type === 'HandoffRequested');
    await done(agent, opened, { type: 'AddNote', text: 'between us' });
    await done(opened.visitor, opened, { type: 'RateSession', score: 1, comment: 'meant badly' });
    await done(agent, opened, { type: 'ClaimSession' });
    listener.close();
    return { opened, agent };
  };
  const seen = ['SessionOpened', 'MessagePosted', 'Hidden', 'HandoffRequested', 'Hidden', 'Hidden', 'SessionAssigned'];
  const whole = [
    'SessionOpened',
    'MessagePosted',
    'AssistantDecided',
    'HandoffRequested',
    'NoteAdded',
    'SessionRated',
    'SessionAssigned',
  ];

  describe('what is for staff', () => {
    test('is Hidden at its seq for the visitor, on HTTP', async () => {
      const { opened, agent } = await told();
      const events = async (by: Person): Promise<readonly { type: string; seq: number }[]> =>
        (await by.http.get<{ events: { type: string; seq: number }[] }>(opened.path('/events'))).body.events;
      for (const by of [opened.visitor, opened.bound]) {
        const facts = await events(by);
        expect(facts.map(({ type }) => type)).toEqual(seen);
        expect(facts.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
        const hidden = facts.filter(({ type }) => type === 'Hidden');
        for (const { seq } of hidden) expect(facts[seq - 1]).toEqual({ seq, at: anyNumber, type: 'Hidden' });
      }
      expect((await events(agent)).map(({ type }) => type)).toEqual(whole);
    });

    test('is Hidden at its seq for the visitor, on the socket, past and live', async () => {
      const { opened, agent } = await told();
      const { session } = opened;
      const [visitors, agents] = [await opened.bound.socket(), await agent.socket()];
      for (const socket of [visitors, agents]) await socket.expect('joined', { type: 'join', session });
      await done(agent, opened, { type: 'AddNote', text: 'between us, live' });
      const theirs = await visitors.events(session, 8);
      expect(theirs.map(({ event }) => event.type)).toEqual([...seen, 'Hidden']);
      expect(theirs.at(-1)).toEqual({
        type: 'event',
        session,
        seq: 8,
        at: anyNumber,
        event: { type: 'Hidden' },
      });
      const ours = await agents.events(session, 8);
      expect(ours.map(({ event }) => event.type)).toEqual([...whole, 'NoteAdded']);
      expect(ours.at(-1)?.event).toMatchObject({ text: 'between us, live' });
      expect(ours[5]?.event).toMatchObject({ score: 1, comment: 'meant badly' });
      for (const secret of SECRETS) expect(visitors.texts.join('\n')).not.toContain(secret);
    });

    test('is in nothing else that a visitor gets', async () => {
      const { opened, agent } = await told();
      const { bound, visitor, path, session } = opened;
      const answers = await Promise.all(
        [visitor, bound].flatMap(({ http }) =>
          [path(), path('?at=6'), path('/messages'), path('/events'), '/v1/sessions'].map((each) => http.get(each)),
        ),
      );
      for (const { text, status } of answers) {
        expect(status).toBe(200);
        for (const secret of [...SECRETS, 'score']) expect(text).not.toContain(secret);
      }
      const score = async ({ http }: Person, query = ''): Promise<unknown> =>
        (await http.get<{ score?: number }>(path(query))).body.score;
      expect(await score(agent)).toBe(1);
      expect(await score(agent, '?at=5')).toBeUndefined();
      const watcher = await agent.socket();
      await watcher.expect('watching', { type: 'watch' });
      expect(watcher.got('inbox').find((row) => row.session === session)).toMatchObject({ score: 1 });
    });

    test('nobody is shown the client ids of others', async () => {
      const { opened, agent } = await told();
      const socket = await agent.socket();
      await socket.expect('joined', { type: 'join', session: opened.session });
      await socket.events(opened.session, 7);
      const facts = await agent.http.get(opened.path('/events'));
      for (const text of [facts.text, ...socket.texts]) expect(text).not.toContain('clientId');
    });
  });
};
