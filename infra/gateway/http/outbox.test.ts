/** Answers of a turn leave at its end, in order, and none waits for another turn. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { type Answered, Outbox } from './outbox.ts';
import { json } from './route.ts';

const answered = (status: number): Answered => ({
  request: {} as IncomingMessage,
  response: {} as ServerResponse,
  reply: json(status, {}),
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('answers of a turn leave together at its end', async () => {
  const sent: Answered[] = [];
  const outbox = new Outbox((each) => sent.push(each));
  const first = [answered(200), answered(201)];
  for (const each of first) {
    outbox.add(each);
    await Promise.resolve();
  }
  expect(sent).toEqual([]);
  await turn();
  expect(sent).toEqual(first);
  const next = answered(202);
  outbox.add(next);
  await turn();
  expect(sent).toEqual([...first, next]);
});

test('what is answered while others leave leaves, too', async () => {
  const sent: Answered[] = [];
  const outbox: Outbox = new Outbox((each) => {
    if (sent.push(each) === 1) outbox.add(answered(201));
  });
  outbox.add(answered(200));
  await turn();
  await turn();
  expect(sent).toHaveLength(2);
});
