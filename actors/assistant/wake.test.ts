/** Which sessions are woken when a process begins to serve: those with a question that is still the assistant's to answer. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import type { Command } from '../../events/commands.ts';
import type { Person } from '../../events/facts.ts';
import { MemoryEventLog } from '../../properties/doubles/memory-event-log.ts';
import { VirtualWorld } from '../../properties/doubles/virtual-world.ts';
import { alice, visitor } from '../../properties/story.ts';
import { Supervisor } from '../supervisor.ts';
import { wakeUnanswered } from './wake.ts';

const SHARDS = 4;
const everyShard = new Set(Array.from({ length: SHARDS }, (_, shard) => shard));
const open: Command = { type: 'OpenSession', visitor: { id: visitor.id } };
const say = (text: string): Command => ({ type: 'PostMessage', text });
const claim: Command = { type: 'ClaimSession' };

let worlds = 0;
const process = (log: MemoryEventLog): Supervisor =>
  new Supervisor(log, new VirtualWorld(undefined, worlds++), { idleMs: 10_000, actorsMax: 100 });

const wokenAfter = async (
  talks: Readonly<Record<string, readonly (readonly [Person, Command])[]>>,
): Promise<string[]> => {
  const log = new MemoryEventLog(SHARDS);
  const before = process(log);
  for (const [session, asks] of Object.entries(talks))
    for (const [index, [by, command]] of asks.entries()) {
      const answer = await before.ask({ tenant: 't', session }, { by, clientId: `${index}`, command });
      if (isLeft(answer)) throw new Error(answer.left._tag);
    }
  const next = process(log);
  const woken: string[] = [];
  next.observe({ activated: ({ session }) => void woken.push(session) });
  await wakeUnanswered(log, next, everyShard);
  return woken.toSorted();
};

test('a question that nobody has answered wakes its session, whatever was said before it', async () => {
  const woken = await wokenAfter({
    asked: [
      [visitor, open],
      [visitor, say('hello?')],
    ],
    silent: [[visitor, open]],
    'asked-again': [
      [visitor, open],
      [visitor, say('a')],
      [visitor, { type: 'RequestHandoff' }],
      [alice, claim],
      [alice, say('b')],
      [visitor, say('c')],
    ],
  });
  expect(woken).toEqual(['asked', 'asked-again']);
});

test('a person’s answer settles it, and so does whoever takes the session over', async () => {
  const woken = await wokenAfter({
    answered: [
      [visitor, open],
      [visitor, { type: 'RequestHandoff' }],
      [alice, claim],
      [visitor, say('a')],
      [alice, say('b')],
    ],
    'handed-off': [
      [visitor, open],
      [visitor, say('a')],
      [visitor, { type: 'RequestHandoff' }],
    ],
    closed: [
      [visitor, open],
      [visitor, say('a')],
      [visitor, { type: 'CloseSession' }],
    ],
  });
  expect(woken).toEqual([]);
});
