/** A person claims while the model writes: in every order of events there is one voice. Real actors, in the order of chance. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { Assistant } from '../../actors/assistant/assistant.ts';
import { TenantKnowledge } from '../../actors/assistant/knowledge/tenant-knowledge.ts';
import type { Model, ModelOutcome } from '../../actors/assistant/model.ts';
import { policies } from '../../actors/assistant/policy.ts';
import { contextOf, statusOf } from '../../actors/session-state.ts';
import { Supervisor } from '../../actors/supervisor.ts';
import type { Command } from '../../events/commands.ts';
import type { Person } from '../../events/facts.ts';
import { baseOf } from '../../infra/assistant/base.ts';
import { type Chance, seeded } from '../demo/chance.ts';
import { factsIn } from '../doubles/deadline-house.ts';
import { MemoryEventLog } from '../doubles/memory-event-log.ts';
import { VirtualWorld } from '../doubles/virtual-world.ts';

const RUNS = Number(process.env['KEFU_RUNS'] ?? 1_000);
const visitor: Person = { role: 'visitor', id: 'li' };
const nothing = new TenantKnowledge(baseOf([]));
const alice: Person = { role: 'agent', id: 'alice' };

/** Answers when told to, and notices nothing of the signal, as the worst of them do. */
class SlowModel implements Model {
  readonly name = 'slow';
  readonly answers: (() => void)[] = [];
  aborted = 0;
  asked = 0;

  ask(_: unknown, signal: AbortSignal, onText: (piece: string) => void): Promise<ModelOutcome> {
    this.asked += 1;
    onText('an an');
    signal.addEventListener('abort', () => {
      this.aborted += 1;
    });
    return new Promise((resolve) => {
      this.answers.push(() => {
        onText('swer');
        resolve({ _tag: 'Said', text: 'an answer', tokens: {} });
      });
    });
  }
}

/** Lets so many turns of the event loop's inner queue pass. */
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const race = async (run: number, chance: Chance) => {
  const log = new MemoryEventLog(4);
  const world = new VirtualWorld(undefined, run % 1_024);
  const supervisor = new Supervisor(log, world, { idleMs: 60_000, actorsMax: 100 });
  const model = new SlowModel();
  const assistant = new Assistant({
    supervisor,
    log,
    world,
    knowledge: { of: () => nothing },
    policies: policies({ gatherMs: 0 }),
    model,
  });
  supervisor.observe(assistant);
  const ref = { tenant: 't', session: 's' };
  let asks = 0;
  const ask = (by: Person, command: Command) => supervisor.ask(ref, { by, clientId: `c${asks++}`, command });
  await ask(visitor, { type: 'OpenSession', visitor: { id: 'li' } });
  await ask(visitor, { type: 'PostMessage', text: 'what is it?' });
  while (model.asked === 0) await settled();
  const answering = turns(Math.floor(chance() * 24)).then(() => model.answers[0]?.());
  const claiming = turns(Math.floor(chance() * 24)).then(() => ask(alice, { type: 'ClaimSession' }));
  const [, claimed] = await Promise.all([answering, claiming]);
  while (assistant.thinking > 0) await settled();
  await supervisor.settled().catch(() => undefined);
  const state = supervisor.actor(ref).state;
  const types = (await factsIn(log, ref)).map(({ fact }) => fact.type);
  await supervisor.stop();
  return {
    claimed,
    status: statusOf(state),
    context: contextOf(state),
    types,
    troubles: world.troubles,
    aborted: model.aborted,
  };
};

test('the late answer is refused, and the earlier one stands', async () => {
  const chance = seeded(Number(process.env['KEFU_SEED'] ?? 7));
  const seen = { answerFirst: 0, claimFirst: 0 };
  for (let run = 0; run < RUNS; run++) {
    const { claimed, status, types, troubles } = await race(run, chance);
    expect(isLeft(claimed)).toBe(false);
    expect(status).toBe('assigned');
    expect(troubles).toEqual([]);
    const heard = types.join(' ');
    const isAnswerFirst = heard === 'SessionOpened MessagePosted AssistantDecided MessagePosted SessionAssigned';
    const isClaimFirst = heard === 'SessionOpened MessagePosted SessionAssigned';
    expect(`${isAnswerFirst || isClaimFirst}: ${heard}`).toBe(`true: ${heard}`);
    if (isAnswerFirst) seen.answerFirst += 1;
    else seen.claimFirst += 1;
  }
  // Both orders were tried, or the races were none.
  expect(seen.answerFirst).toBeGreaterThan(RUNS / 20);
  expect(seen.claimFirst).toBeGreaterThan(RUNS / 20);
}, 120_000);
