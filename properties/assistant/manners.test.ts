/** How the assistant behaves besides answering: it offers, gives way, hands over in time, and keeps within its bounds. */
import { describe, expect, test } from 'vitest';
import { configure } from '../../infra/backbone.ts';
import type { Ground } from '../contract/grounds.ts';
import { done, randomId } from '../contract/kefu.ts';
import { hangingAfter, saying, silent } from '../model-server/behaviours.ts';
import type { Turn } from '../model-server/model-server.ts';
import { inFile, stage } from './stage.ts';
import { isBy, Visit } from './visit.ts';

const UNKNOWN = 'Do you deliver to the moon?';

const entries = [
  { id: 'red', lang: 'en', question: 'How do I wash a red woollen jumper?', answer: 'By hand.' },
  { id: 'blue', lang: 'en', question: 'How do I wash a blue cotton shirt?', answer: 'At forty degrees.' },
  { id: 'green', lang: 'en', question: 'Where is the green shop?', answer: 'In Green Street.' },
  ...Array.from({ length: 8 }, (_, at) => ({
    id: `other-${at}`,
    lang: 'en',
    question: `Subject number${at} of topic${at}`,
    answer: 'Other.',
  })),
];
/** Likely to be one of two. */
const UNSURE = 'wash jumper shirt';

const knowledge = (ground: Ground): Promise<string> =>
  inFile(ground, 'kb.ndjson', entries.map((entry) => JSON.stringify(entry)).join('\n'));

describe('an offer', () => {
  const { kefu } = stage(async (ground) => ({
    knowledgeFile: await knowledge(ground),
    assistantPolicyFile: await inFile(ground, 'policy.json', '{"default":{"sureFrom":0.9,"unsureFrom":0.1}}'),
    model: undefined,
  }));

  const offered = async () => {
    const visit = await Visit.begin(kefu());
    await visit.say(UNSURE);
    const { seq, event } = await visit.visitors.next('event', (frame) => frame.event.type === 'ChoicesOffered');
    return { visit, seq, event };
  };
  const choose = (visit: Visit, offer: number, entry: string) =>
    visit.opened.visitor.http.post(visit.opened.path('/commands'), {
      clientId: randomId(),
      type: 'ChooseAnswer',
      offer,
      entry,
    });

  test('is made where several entries may be meant, and is for the visitor to see', async () => {
    const { visit, event } = await offered();
    expect(event).toMatchObject({ type: 'ChoicesOffered', basedOn: 2, text: 'Which of these did you mean?' });
    expect((event['choices'] as { entry: string }[]).map(({ entry }) => entry).toSorted()).toEqual(['blue', 'red']);
    expect((await visit.fact('AssistantDecided')).event).toMatchObject({
      outcome: 'offered',
      why: 'unsure',
      source: 'knowledge',
    });
    const row = await visit.agent.http.get(visit.opened.path());
    expect(row.body).toMatchObject({ status: 'assistant', unanswered: 0 });
  });

  test('is chosen from over the socket, and answered with exactly that entry', async () => {
    const { visit, seq } = await offered();
    const command = { type: 'ChooseAnswer', offer: seq, entry: 'blue' };
    const ack = await visit.visitors.expect('ack', { type: 'do', session: visit.session, command });
    const chosen = await visit.fact('MessagePosted', (event) => event['choice'] !== undefined);
    expect(chosen.event).toMatchObject({
      text: 'How do I wash a blue cotton shirt?',
      choice: { offer: seq, entry: 'blue' },
    });
    expect(chosen.seq).toBe(ack.seq);
    expect(await visit.answer()).toBe('At forty degrees.');
    const [decided] = (await visit.facts()).filter(({ type }) => type === 'AssistantDecided').slice(1);
    expect(decided).toMatchObject({ why: 'chosen', entry: 'blue', confidence: 1 });
  });

  test('is chosen from by typing the question', async () => {
    const { visit } = await offered();
    await visit.say('how do I wash a RED woollen jumper');
    expect(await visit.answer()).toBe('By hand.');
    expect((await visit.facts()).findLast(({ type }) => type === 'AssistantDecided')).toMatchObject({
      why: 'chosen',
      entry: 'red',
    });
  });

  test('has only what it offers, and only the newest counts', async () => {
    const { visit, seq } = await offered();
    for (const [offer, entry] of [
      [seq, 'green'],
      [2, 'red'],
    ] as const) {
      const answer = await choose(visit, offer, entry);
      expect([answer.status, answer.body]).toMatchObject([409, { code: 'refused', reason: 'no_such_choice' }]);
    }
  });

  test('that is passed over twice leads to a person, who is told so', async () => {
    const { visit } = await offered();
    await visit.say('jumper shirt wash');
    await visit.visitors.next('event', ({ event }) => event.type === 'ChoicesOffered');
    await visit.say('shirt jumper wash');
    await visit.fact('HandoffRequested', (event) => event['reason'] === 'unhelped');
    expect((await visit.fact('NoteAdded')).event['text']).toMatch(
      /Nearest in the knowledge base: .* Asked back 2 times before\./,
    );
  });

  test('does not keep anybody from a person', async () => {
    const { visit } = await offered();
    await visit.say('This is ridiculous, you are not listening');
    const { event } = await visit.fact('HandoffRequested');
    expect(event).toMatchObject({ reason: 'frustrated' });
  });
});

describe('while the model writes', () => {
  const { kefu, model } = stage();

  test('a person who claims the session is not talked over', async () => {
    const turns: Turn[] = [];
    model().behaviour = (turn) => {
      turns.push(turn);
      turn.say('We deliver ');
    };
    const visit = await Visit.begin(kefu());
    await visit.say(UNKNOWN);
    await visit.visitors.next('delta');
    await done(visit.agent, visit.opened, { type: 'ClaimSession' });
    await turns[0]?.closed;
    expect((await visit.facts()).map(({ type }) => type)).toEqual([
      'SessionOpened',
      'MessagePosted',
      'SessionAssigned',
    ]);
    await model().isLeftAlone();
  });

  test('a visitor who closes the session and opens it again is answered all the same', async () => {
    model().behaviour = hangingAfter('We');
    const visit = await Visit.begin(kefu());
    await visit.say(UNKNOWN);
    await visit.visitors.next('delta');
    model().behaviour = saying('Here again.');
    await done(visit.opened.visitor, visit.opened, { type: 'CloseSession' });
    await done(visit.opened.visitor, visit.opened, { type: 'ReopenSession' });
    expect(await visit.answer()).toBe('Here again.');
  });

  test('what is written reaches sockets that come later, from its beginning or not at all', async () => {
    let write: (piece: string) => void = () => undefined;
    model().behaviour = (turn) => {
      write = (piece) => turn.say(piece);
      write('First ');
    };
    const visit = await Visit.begin(kefu());
    await visit.say(UNKNOWN);
    await visit.visitors.next('delta');
    const late = await visit.opened.visitor.socket();
    await late.expect('joined', { type: 'join', session: visit.session, after: 0 });
    write('second');
    expect(await late.next('delta')).toMatchObject({ text: ' second', offset: 5, basedOn: 2 });
    late.close();
  });
});

describe('somebody who never stops writing', () => {
  const { kefu, model } = stage(() => ({ assistantBudgetMs: 400, deadlines: {} }));

  test('is given to people after twice the time for one answer', async () => {
    model().behaviour = silent;
    const visit = await Visit.begin(kefu());
    let isHandedOver = false;
    const handedOver = visit.fact('HandoffRequested').then((frame) => {
      isHandedOver = true;
      return frame;
    });
    for (let nth = 0; !isHandedOver; nth++) {
      await visit.say(`and another thing, number ${nth}`);
      await visit.visitors.ping();
    }
    expect((await handedOver).event).toMatchObject({ reason: 'unceasing' });
    expect((await visit.facts()).filter(({ type }) => type === 'AssistantDecided')).toHaveLength(1);
  });
});

describe('a model that keeps failing', () => {
  const { kefu, model } = stage();

  test('is left alone for a while, and asked again when it has rested', async () => {
    model().behaviour = (turn) => turn.refuse(401);
    const ask = async (): Promise<Record<string, unknown>> => {
      const visit = await Visit.begin(kefu());
      await visit.say(UNKNOWN);
      const frame = await visit.agents.next('event', ({ event }) => event.type.startsWith('Assistant'));
      return { ...frame.event };
    };
    const failures: unknown[] = [];
    for (let nth = 0; nth < 5; nth++) failures.push((await ask())['why']);
    expect(failures).toEqual(Array.from({ length: 5 }, () => 'model_failed'));
    expect(await ask()).toMatchObject({ code: 503, why: 'breaker_open' });
    expect(model().asked).toHaveLength(5);
    model().behaviour = saying('I am back.');
    await expect.poll(ask, { timeout: 15_000, interval: 500 }).toMatchObject({ outcome: 'answered' });
    expect(model().asked.length).toBeLessThan(8);
  });
});

describe('more questions than the model can take', () => {
  const limits = { ...configure().limits, modelRequestsAtOnce: 2, modelQueue: 3 };
  const { kefu, model } = stage(() => ({ limits, assistantBudgetMs: 1_500 }));

  test('are given to people with 503, those who wait in vain with 504, and no connection is left', async () => {
    let atOnce = 0;
    let most = 0;
    model().behaviour = async (turn) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await turn.closed;
      atOnce -= 1;
    };
    const visits = await Promise.all(Array.from({ length: 12 }, () => Visit.begin(kefu())));
    await Promise.all(visits.map((visit) => visit.say(UNKNOWN)));
    const refusals = await Promise.all(visits.map(async (visit) => (await visit.fact('AssistantRefused')).event));
    const counted = (reason: string): number => refusals.filter(({ why }) => why === reason).length;
    expect([counted('budget_spent'), counted('overloaded')]).toEqual([5, 7]);
    // A place that becomes free in the last moment is taken, and no more than there are.
    expect(most).toBe(2);
    await model().isLeftAlone();
    for (const visit of visits) visit.close();
  });
});

describe('a policy file', () => {
  const { kefu, model } = stage(async (ground) => ({
    assistantBudgetMs: 1_000,
    sensitiveWordsFile: await inFile(ground, 'words.txt', 'moonshine\n\n'),
    assistantPolicyFile: await inFile(
      ground,
      'policy.json',
      JSON.stringify({
        default: { onUnknown: 'ask-back', on403: 'say', on504: 'say', instructions: 'Be brief.', gatherMs: 0 },
        tenants: { frugal: { modelRequestsPerMinute: 1, usesModel: true }, plain: { usesModel: false } },
      }),
    ),
  }));
  const inTenant = (name: string) => {
    const tenant = kefu().tenant();
    Object.assign(tenant, { name });
    return Visit.begin(kefu(), tenant);
  };

  test('says what the model is told', async () => {
    model().behaviour = saying('Yes.');
    const visit = await Visit.begin(kefu());
    await visit.say(UNKNOWN);
    await visit.answer();
    expect(model().asked[0]?.body.messages[0]?.content).toContain('The business says:\nBe brief.');
  });

  test('says what to do when nobody knows: ask back once, then ask people', async () => {
    const visit = await inTenant('plain');
    await visit.say(UNKNOWN);
    expect(await visit.answer()).toMatch(/other words/);
    await visit.say('Do you deliver to Mars?');
    await visit.fact('HandoffRequested', (event) => event['reason'] === 'unhelped');
    expect(model().asked).toEqual([]);
  });

  test('says what to do with sensitive words and with silence', async () => {
    model().behaviour = silent;
    const visit = await Visit.begin(kefu());
    await visit.say('buy m.o.o.n.s.h.i.n.e');
    expect(await visit.answer()).toBe('Sorry, I cannot answer that.');
    await visit.say(UNKNOWN);
    await visit.fact('AssistantRefused', (event) => event['code'] === 504);
    await visit.fact('HandoffRequested');
    const polite = await Visit.begin(kefu());
    await polite.say(UNKNOWN);
    expect(await polite.answer()).toMatch(/in time/);
    expect(await polite.status()).toBe('assistant');
  });

  test('says what a tenant may ask of the model', async () => {
    model().behaviour = saying('Yes.');
    const one = await inTenant('frugal');
    await one.say(UNKNOWN);
    expect(await one.answer()).toBe('Yes.');
    const two = await inTenant('frugal');
    await two.say(UNKNOWN);
    expect((await two.fact('AssistantRefused')).event).toMatchObject({ code: 503, why: 'limit_reached' });
    expect(isBy((await one.facts()).at(-1) ?? { type: '' }, 'assistant')).toBe(true);
  });
});
