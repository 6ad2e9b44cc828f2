/** The assistant with a real server for embeddings: its opinion counts when it comes in time, and is done without when not. */
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EmbeddingsServer } from '../model-server/embeddings-server.ts';
import { inFile, stage } from './stage.ts';
import { Visit } from './visit.ts';

const entries = [
  { id: 'red', lang: 'en', question: 'How do I wash a red woollen jumper?', answer: 'By hand.' },
  { id: 'blue', lang: 'en', question: 'How do I wash a blue cotton shirt?', answer: 'At forty degrees.' },
  { id: 'green', lang: 'en', question: 'Where is the green bakery?', answer: 'In Green Street.' },
];
/** By its words likely to be one of two, and the red one rather. */
const UNSURE = 'wash red shirt';
const KNOWN = 'where is the green bakery';
const UNKNOWN = 'tell me about volcanoes';

describe('a second opinion', () => {
  let server: EmbeddingsServer;
  let answerWell: EmbeddingsServer['answer'];
  beforeAll(async () => {
    server = await EmbeddingsServer.start();
    answerWell = server.answer;
    for (const { id, question } of entries) server.vectors.set(question, id === 'red' ? [1, 0] : [0, 1]);
  });
  beforeEach(() => {
    server.answer = answerWell;
    server.asked.splice(0);
  });
  afterAll(() => server.stop());

  const { kefu } = stage(async (ground) => ({
    knowledgeFile: await inFile(ground, 'kb.ndjson', entries.map((entry) => JSON.stringify(entry)).join('\n')),
    assistantPolicyFile: await inFile(
      ground,
      'policy.json',
      '{"default":{"sureFrom":0.8,"unsureFrom":0.1,"gatherMs":0}}',
    ),
    embeddings: { url: server.url, key: 'k', model: 'm' },
    model: undefined,
  }));

  const offered = async (): Promise<readonly string[]> => {
    const visit = await Visit.begin(kefu());
    await visit.say(UNSURE);
    const { event } = await visit.fact('ChoicesOffered');
    visit.close();
    return (event['choices'] as { entry: string }[]).map(({ entry }) => entry);
  };

  test('leaves the order as it is where it sees no difference', async () => {
    server.vectors.set(UNSURE, [1, 1]);
    expect(await offered()).toEqual(['red', 'blue']);
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.input[0]).toBe(UNSURE);
  });

  test('turns the order of an offer round', async () => {
    server.vectors.set(UNSURE, [1, 1.07]);
    expect(await offered()).toEqual(['blue', 'red']);
  });

  test('makes one of several the answer when it is plain enough, and the trail says how sure', async () => {
    server.vectors.set(UNSURE, [0, 1]);
    const visit = await Visit.begin(kefu());
    await visit.say(UNSURE);
    expect(await visit.answer()).toBe('At forty degrees.');
    const decided = (await visit.facts()).find(({ type }) => type === 'AssistantDecided');
    expect(decided).toMatchObject({ why: 'known', entry: 'blue' });
    expect(Number(decided?.['confidence'])).toBeGreaterThan(0.8);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['never comes', () => undefined],
    ['is refused', (response) => void response.writeHead(500).end()],
    ['breaks off', (response) => void response.write('{"data":[', () => response.destroy())],
    ['is nonsense', (response) => void response.end('{"data":[{"index":0,"embedding":[]}]}')],
  ])('that %s leaves the order of the words, within the budget', async (_what, answer) => {
    server.answer = answer;
    const began = performance.now();
    expect(await offered()).toEqual(['red', 'blue']);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(server.asked).toHaveLength(1);
    expect(kefu().logged.join('')).not.toContain(UNSURE);
  });

  test('is not asked for where one is sure, or nothing is near', async () => {
    const visit = await Visit.begin(kefu());
    await visit.say(KNOWN);
    expect(await visit.answer()).toBe('In Green Street.');
    await visit.say(UNKNOWN);
    await visit.fact('HandoffRequested');
    expect(server.asked).toEqual([]);
  });

  test('is part of what staff see when they try a question', async () => {
    server.vectors.set(UNSURE, [0, 1]);
    const { http } = kefu().tenant().person('agent');
    const { body } = await http.post('/v1/kb-find', { question: UNSURE });
    expect(body).toMatchObject({ outcome: 'sure', candidates: [{ id: 'blue' }] });
  });
});
