import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Candidate } from '../../actors/assistant/knowledge-base.ts';
import { EmbeddingsReranker } from './embeddings.ts';

const choice = (id: string, confidence: number): Candidate => ({
  entry: { id, lang: 'en', question: id, answer: `about ${id}` },
  revision: 'r',
  confidence,
});
const choices = [choice('return', 0.4), choice('refund', 0.3), choice('exchange', 0.1)];

/** Directions in which texts point. */
const vectors: Readonly<Record<string, readonly number[]>> = {
  'where is my money': [0, 1, 0.1],
  return: [1, 0, 0],
  refund: [0, 1, 0],
  exchange: [0, 0, 1],
};

describe('embeddings', () => {
  let server: Server;
  let url: string;
  let asked: { path: string | undefined; key: string | undefined; input: readonly string[]; model: string }[];
  let answer: (response: ServerResponse, input: readonly string[]) => void;
  const good = (response: ServerResponse, input: readonly string[]): void => {
    // In another order than asked: the index counts.
    const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vectors[text] ?? [] })).reverse();
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ object: 'list', data, model: 'm' }));
  };

  beforeEach(async () => {
    asked = [];
    answer = good;
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      request.on('end', () => {
        const { input, model } = JSON.parse(text) as { input: string[]; model: string };
        asked.push({ path: request.url, key: request.headers.authorization, input, model });
        answer(response, input);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const troubles: unknown[] = [];
  const reranker = (withinMs = 5_000): EmbeddingsReranker =>
    new EmbeddingsReranker({ url, key: 'k', model: 'm', withinMs, report: (...told) => troubles.push(told) });
  const never = new AbortController().signal;
  const ids = (some: readonly Candidate[]): readonly string[] => some.map(({ entry }) => entry.id);

  test('bring what is nearest to the front, with the same confidence in all', async () => {
    const reranked = await reranker().rerank('where is my money', choices, never);
    expect(ids(reranked)[0]).toBe('refund');
    const total = reranked.reduce((sum, { confidence }) => sum + confidence, 0);
    expect(total).toBeCloseTo(0.8, 10);
    expect(reranked[0]?.confidence).toBeGreaterThan(0.7);
    expect(asked).toMatchObject([{ path: '/v1/embeddings', key: 'Bearer k', model: 'm' }]);
  });

  test('an entry’s vector is asked for once, and again when its words change', async () => {
    const one = reranker();
    await one.rerank('where is my money', choices, never);
    await one.rerank('where is my money', choices, never);
    const changed = { ...choice('return', 0.4), entry: { ...choice('return', 0.4).entry, also: ['send back'] } };
    vectorsFor(`return\nsend back`, [1, 0, 0]);
    await one.rerank('where is my money', [changed, ...choices.slice(1)], never);
    expect(asked.map(({ input }) => input)).toEqual([
      ['where is my money', 'return', 'refund', 'exchange'],
      ['where is my money'],
      ['where is my money', 'return\nsend back'],
    ]);
  });

  const vectorsFor = (text: string, vector: readonly number[]): void => {
    (vectors as Record<string, readonly number[]>)[text] = vector;
  };

  test.each<[string, (response: ServerResponse) => void]>([
    ['refused', (response) => void response.writeHead(429).end('{}')],
    ['cut off', (response) => void response.destroy()],
    ['no JSON', (response) => void response.end('<html>')],
    ['of another form', (response) => void response.end('{"data":[{"embedding":"AAAA","index":0}]}')],
    ['too short', (response) => void response.end('{"data":[{"embedding":[1,0],"index":0}]}')],
  ])('an answer that is %s leaves the order as it was', async (_what, given) => {
    answer = given;
    expect(await reranker().rerank('where is my money', choices, never)).toBe(choices);
  });

  test('a late answer leaves the order as it was, in time, and says so without what was asked', async () => {
    answer = () => undefined;
    troubles.length = 0;
    expect(await reranker(20).rerank('where is my money', choices, never)).toBe(choices);
    expect(troubles).toEqual([['embeddings gave no opinion', { why: 'no answer within 20 ms' }]]);
  });

  test('a raised signal ends the wait', async () => {
    answer = () => stop.abort();
    const stop = new AbortController();
    expect(await reranker().rerank('where is my money', choices, stop.signal)).toBe(choices);
    expect(await reranker().rerank('where is my money', choices, stop.signal)).toBe(choices);
    expect(asked).toHaveLength(1);
  });

  test('one choice is no order: nobody is asked', async () => {
    await reranker().rerank('where is my money', choices.slice(0, 1), never);
    expect(asked).toEqual([]);
  });
});
