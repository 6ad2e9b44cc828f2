/** What the assistant hears of a session that this process is not the only one to write. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { Assistant } from '../../actors/assistant/assistant.ts';
import { TenantKnowledge } from '../../actors/assistant/knowledge/tenant-knowledge.ts';
import type { Model } from '../../actors/assistant/model.ts';
import type { SessionState } from '../../actors/session-state.ts';
import { Supervisor } from '../../actors/supervisor.ts';
import type { Command } from '../../events/commands.ts';
import type { Stored } from '../../events/commit.ts';
import type { SessionRef } from '../../events/names.ts';
import { baseOf } from '../../infra/assistant/base.ts';
import { factsIn } from '../doubles/deadline-house.ts';
import { MemoryEventLog } from '../doubles/memory-event-log.ts';
import { VirtualWorld } from '../doubles/virtual-world.ts';
import { visitor } from '../story.ts';

const ref: SessionRef = { tenant: 't', session: 's' };
const known = new TenantKnowledge(
  baseOf([{ id: 'hours', lang: 'en', question: 'When are you open?', answer: 'From nine to five.' }]),
);

/** Begins to think, and never says anything. */
class SilentModel implements Model {
  readonly name = 'silent';
  isAsked = false;

  ask(_: unknown, signal: AbortSignal): ReturnType<Model['ask']> {
    this.isAsked = true;
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ _tag: 'Aborted' }));
    });
  }
}

test('what an actor tells that was let go of is read, and answered', async () => {
  const log = new MemoryEventLog(4);
  const world = new VirtualWorld();
  const limits = { idleMs: 60_000, actorsMax: 100 };
  const supervisor = new Supervisor(log, world, limits);
  const formerly = new Supervisor(log, new VirtualWorld(undefined, 2), limits);
  const model = new SilentModel();
  const assistant = new Assistant({ supervisor, log, world, knowledge: { of: () => known }, model });
  supervisor.observe(assistant);
  const ask = async (by: Supervisor, clientId: string, command: Command): Promise<void> => {
    const answer = await by.ask(ref, { by: visitor, clientId, command });
    if (isLeft(answer)) throw new Error(answer.left._tag);
  };
  await ask(supervisor, 'open', { type: 'OpenSession', visitor: { id: visitor.id } });
  await ask(supervisor, 'first', { type: 'PostMessage', text: 'My shoes are too small for my elephant.' });
  await expect
    .poll(() => {
      world.pass(100);
      return model.isAsked;
    })
    .toBe(true);

  const told: [Stored, SessionState][] = [];
  formerly.observe({ stored: (_, stored, state) => void told.push([stored, state]) });
  await ask(formerly, 'second', { type: 'PostMessage', text: 'When are you open?' });
  for (const [stored, state] of told) if (stored.commit.seq > 2) assistant.stored(ref, stored, state);

  await expect
    .poll(async () => {
      world.pass(100);
      return (await factsIn(log, ref)).map(({ fact }) => fact).filter(({ type }) => type === 'AssistantDecided');
    })
    .toMatchObject([{ basedOn: 3 }]);
});
