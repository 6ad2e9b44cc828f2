import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Candidate } from '../../actors/assistant/knowledge-base.ts';
import { EmbeddingsServer } from '../../properties/model-server/embeddings-server.ts';
import { EmbeddingsReranker } from './embeddings.ts';

const choice = (id: string, confidence: number): Candidate => ({
  entry: { id, lang: 'en', question: id, answer: `about ${id}` },
  revision: 'r',
  confidence,
});
const choices = [choice('return', 0.4), choice('refund', 0.3), choice('exchange', 0.1)];

describe('embeddings', () => {
  let server: EmbeddingsServer;
  beforeEach(async () => {
    server = await EmbeddingsServer.start();
    server.vectors.set('where is my money', [0, 1, 0.1]).set('return', [1, 0, 0]);
    server.vectors.set('refund', [0, 1, 0]).set('exchange', [0, 0, 1]);
  });
  afterEach(() => server.stop());

  const troubles: unknown[] = [];
  const reranker = (withinMs = 5_000): EmbeddingsReranker =>
    new EmbeddingsReranker({
      url: server.url,
      key: 'k',
      model: 'm',
      withinMs,
      report: (...told) => troubles.push(told),
    });
  const never = new AbortController().signal;
  const ids = (some: readonly Candidate[]): readonly string[] => some.map(({ entry }) => entry.id);

  test('bring what is nearest to the front, with the same confidence in all', async () => {
    const reranked = await reranker().rerank('where is my money', choices, never);
    expect(ids(reranked)[0]).toBe('refund');
    const total = reranked.reduce((sum, { confidence }) => sum + confidence, 0);
    expect(total).toBeCloseTo(0.8, 10);
    expect(reranked[0]?.confidence).toBeGreaterThan(0.7);
    expect(server.asked).toMatchObject([{ path: '/v1/embeddings', key: 'Bearer k', model: 'm' }]);
  });

  test('an entry’s vector is asked for once, and again when its words change', async () => {
    const one = reranker();
    await one.rerank('where is my money', choices, never);
    await one.rerank('where is my money', choices, never);
    const changed = { ...choice('return', 0.4), entry: { ...choice('return', 0.4).entry, also: ['send back'] } };
    server.vectors.set('return\nsend back', [1, 0, 0]);
    await one.rerank('where is my money', [changed, ...choices.slice(1)], never);
    expect(server.asked.map(({ input }) => input)).toEqual([
      ['where is my money', 'return', 'refund', 'exchange'],
      ['where is my money'],
      ['where is my money', 'return\nsend back'],
    ]);
  });

  test.each<[string, (response: ServerResponse) => void, string]>([
    ['refused', (response) => void response.writeHead(429).end('{}'), 'status 429'],
    ['cut off', (response) => void response.destroy(), 'ECONNRESET'],
    ['broken off', (response) => void response.write('{"data"', () => response.destroy()), 'ECONNRESET'],
    ['no JSON', (response) => void response.end('<html>'), 'the answer is no JSON'],
    [
      'of another form',
      (response) => void response.end('{"data":[{"embedding":"AAAA","index":0}]}'),
      'the answer is no list of embeddings',
    ],
    ['endless', (response) => void response.end(Buffer.alloc(5 * 1024 * 1024, 0x20)), 'the answer is too long'],
  ])('an answer that is %s leaves the order as it was, and is told of', async (_what, given, why) => {
    server.answer = given;
    troubles.length = 0;
    expect(await reranker().rerank('where is my money', choices, never)).toBe(choices);
    expect(troubles).toEqual([['embeddings gave no opinion', { why }]]);
  });

  test.each<[string, string]>([
    ['too short', '{"data":[{"embedding":[1,0],"index":0}]}'],
    ['of things that were not asked', '{"data":[{"embedding":[1,0],"index":-1},{"embedding":[1,0],"index":1e9}]}'],
  ])('an answer that is %s leaves the order as it was, for this question only', async (_what, given) => {
    const one = reranker();
    const well = server.answer;
    server.answer = (response) => void response.end(given);
    expect(await one.rerank('where is my money', choices, never)).toBe(choices);
    server.answer = well;
    expect(ids(await one.rerank('where is my money', choices, never))[0]).toBe('refund');
  });

  test('a late answer leaves the order as it was, in time, says so without what was asked, and keeps no connection', async () => {
    server.answer = () => undefined;
    troubles.length = 0;
    expect(await reranker(20).rerank('where is my money', choices, never)).toBe(choices);
    expect(troubles).toEqual([['embeddings gave no opinion', { why: 'no answer within 20 ms' }]]);
    await expect.poll(() => server.openSockets).toBe(0);
  });

  test('a raised signal ends the wait, and is no trouble', async () => {
    server.answer = () => stop.abort();
    const stop = new AbortController();
    troubles.length = 0;
    expect(await reranker().rerank('where is my money', choices, stop.signal)).toBe(choices);
    expect(await reranker().rerank('where is my money', choices, stop.signal)).toBe(choices);
    expect(server.asked).toHaveLength(1);
    expect(troubles).toEqual([]);
  });

  test('one choice is no order: nobody is asked', async () => {
    await reranker().rerank('where is my money', choices.slice(0, 1), never);
    expect(server.asked).toEqual([]);
  });
});
