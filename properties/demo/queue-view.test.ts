import { expect, test } from 'vitest';
import { QueueView } from './queue-view.ts';

const row = (session: string, seq: number, status: string) => ({ session, seq, status });

test('a session waits from the row that says so to the one that says otherwise', () => {
  const queue = new QueueView();
  queue.tell(row('a', 2, 'queued'));
  queue.tell(row('b', 2, 'queued'));
  queue.tell(row('a', 3, 'assigned'));
  expect([queue.told, queue.wentBack, queue.waiting]).toEqual([3, 0, 1]);
});

test('the same row told again is no step back, an older one is, and shows what is no longer so', () => {
  const queue = new QueueView();
  queue.tell(row('a', 2, 'queued'));
  queue.tell(row('a', 2, 'queued'));
  queue.tell(row('a', 3, 'assigned'));
  queue.tell(row('a', 2, 'queued'));
  expect([queue.told, queue.wentBack, queue.waiting]).toEqual([4, 1, 1]);
});

test('a watch that begins anew shows only what it then tells', () => {
  const queue = new QueueView();
  queue.tell(row('a', 2, 'queued'));
  queue.begin();
  expect(queue.waiting).toBe(0);
});
