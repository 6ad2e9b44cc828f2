import { describe, expect, it } from 'vitest';
import type { Ask } from '../../actors/decide.ts';
import type { Answer } from '../../actors/session-actor.ts';
import { Lane, type Sent } from './lane.ts';

const ask = (clientId: string): Ask => ({
  by: { role: 'visitor', id: 'li' },
  clientId,
  command: { type: 'PostMessage', text: clientId },
});
const done: Answer = { _tag: 'Right', right: { seq: 1, at: 1, messageId: undefined, repeated: false } };

/** A lane whose sending and changes a test decides. */
const house = () => {
  const sent: { readonly clientId: string; readonly answer: (sent: Sent) => void }[] = [];
  const answered: string[] = [];
  let now = 0;
  let change = (): void => undefined;
  let ended = 0;
  const lane = new Lane({
    send: ({ clientId }) => new Promise((answer) => sent.push({ clientId, answer })),
    change: () =>
      new Promise((resolve) => {
        change = resolve;
      }),
    monotonicMs: () => now,
    done: () => {
      ended += 1;
    },
  });
  const add = (clientId: string, deadline = 100): void =>
    lane.add({ ask: ask(clientId), deadline, answer: ({ _tag }) => answered.push(`${clientId} ${_tag}`) });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return {
    add,
    sent,
    answered,
    settle,
    changed: () => change(),
    pass: (ms: number) => (now += ms),
    ended: () => ended,
  };
};

describe('a lane', () => {
  it('sends at once and in order, and waits for nobody', async () => {
    const { add, sent, answered, settle, ended } = house();
    for (const id of ['a', 'b', 'c']) add(id);
    expect(sent.map(({ clientId }) => clientId)).toEqual(['a', 'b', 'c']);
    for (const { answer } of sent) answer(done);
    await settle();
    expect(answered).toEqual(['a Right', 'b Right', 'c Right']);
    expect(ended()).toBe(1);
  });

  it('sends everything that has no answer again, in order, when one was not taken', async () => {
    const { add, sent, answered, settle, changed } = house();
    for (const id of ['a', 'b', 'c']) add(id);
    sent[0]?.answer(done);
    sent[1]?.answer('not-taken');
    await settle();
    add('d');
    expect(sent).toHaveLength(3);
    changed();
    await settle();
    expect(sent.slice(3).map(({ clientId }) => clientId)).toEqual(['b', 'c', 'd']);
    // The first sending of c arrives after all: its answer counts, once.
    sent[2]?.answer(done);
    for (const { answer } of sent.slice(3)) answer(done);
    await settle();
    expect(answered.toSorted()).toEqual(['a Right', 'b Right', 'c Right', 'd Right']);
  });

  it('gives up on what has waited too long, and only on that', async () => {
    const { add, sent, answered, settle, changed, pass } = house();
    add('old', 50);
    add('young', 500);
    sent[0]?.answer('not-taken');
    await settle();
    pass(60);
    changed();
    await settle();
    expect(answered).toEqual(['old Left']);
    expect(sent.at(-1)?.clientId).toBe('young');
  });
});
