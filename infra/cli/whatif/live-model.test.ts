import { expect, test } from 'vitest';
import type { Model, ModelOutcome, ModelRequest } from '../../../actors/assistant/model.ts';
import { keeping } from './live-model.ts';

const request = (content: string): ModelRequest => ({
  tenant: 't',
  messages: [{ role: 'user', content }],
  promptTokens: 1,
  answerTokensMax: 100,
  requestsPerMinute: 0,
  tokensPerMinute: 0,
});
const { signal } = new AbortController();

/** Says another thing each time, a second after it was asked; nothing to `fail`. */
const real = () => {
  let [nowMs, asked] = [0, 0];
  const model: Model = {
    name: 'real',
    ask: ({ messages }, _signal, onText): Promise<ModelOutcome> => {
      nowMs += 1_000;
      asked += 1;
      if (messages[0]?.content === 'fail') return Promise.resolve({ _tag: 'Failed', why: 'model_failed' });
      onText(`answer ${asked}`);
      return Promise.resolve({ _tag: 'Said', text: `answer ${asked}`, tokens: {} });
    },
  };
  return keeping(model, () => nowMs);
};

test('the same prompt is asked once, and heard alike by both policies, as slowly', async () => {
  const { model, requests } = real();
  const heard: string[] = [];
  const ask = (content: string) => model.ask(request(content), signal, (piece) => void heard.push(piece));
  const said = { outcome: { _tag: 'Said', text: 'answer 1' }, latencyMs: 1_000 };
  expect(await ask('a')).toMatchObject(said);
  expect(await ask('a')).toMatchObject(said);
  expect(await ask('b')).toMatchObject({ outcome: { text: 'answer 2' } });
  expect(heard).toEqual(['answer 1', 'answer 1', 'answer 2']);
  expect(requests()).toBe(2);
});

test('a failure is no answer, and is tried again', async () => {
  const { model, requests } = real();
  for (let times = 0; times < 2; times++)
    expect(await model.ask(request('fail'), signal, () => undefined)).toMatchObject({ outcome: { _tag: 'Failed' } });
  expect(requests()).toBe(2);
});
